using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace StructCore.Vision.Scoring;

/// <summary>
/// The largest of many values by selection: what lies above a level waits in a room for a few times their number; whenever the room is full
/// all but the largest go, and the level rises to the smallest of them.
/// </summary>
/// <remarks>Not thread-safe. Its room comes from a pool. Values that are not a number are passed over.</remarks>
internal sealed class LargestValues(int count) : IDisposable
{
    private readonly float[] _room = ArrayPool<float>.Shared.Rent((4 * count) + Vector<float>.Count);
    private int _held;
    private float _level = float.NegativeInfinity;

    /// <summary>The largest of all.</summary>
    public float Maximum => TensorPrimitives.Max(Held);

    private Span<float> Held => _room.AsSpan(0, _held);

    public void Add(ReadOnlySpan<float> values)
    {
        var at = 0;
        for (; at + Vector<float>.Count <= values.Length; at += Vector<float>.Count)
        {
            var some = new Vector<float>(values[at..]);
            if (Vector.GreaterThanAny(some, new Vector<float>(_level)))
            {
                Take(values.Slice(at, Vector<float>.Count));
            }
        }

        Take(values[at..]);
    }

    /// <summary>Mean of the count largest; at least as many must have been added.</summary>
    public float Mean()
    {
        Select();
        var sum = 0d;
        foreach (var value in Held)
        {
            sum += value;
        }

        return (float)(sum / count);
    }

    public void Dispose() => ArrayPool<float>.Shared.Return(_room);

    /// <summary>Takes in what lies above the level, of no more than one vector.</summary>
    private void Take(ReadOnlySpan<float> values)
    {
        if (_held + Vector<float>.Count > _room.Length)
        {
            Select();
        }

        foreach (var value in values)
        {
            // Written in any case, kept where it counts: there is no branch to guess.
            _room[_held] = value;
            _held += value > _level ? 1 : 0;
        }
    }

    /// <summary>Leaves the count largest, in their order.</summary>
    private void Select()
    {
        if (_held <= count)
        {
            return;
        }

        var cut = Cut(Held, count);
        var (kept, larger) = (0, 0);
        foreach (var value in Held)
        {
            larger += value > cut ? 1 : 0;
        }

        // Of those that equal the cut as many as are missing.
        var equals = count - larger;
        foreach (var value in Held)
        {
            if (value > cut || (value == cut && equals-- > 0))
            {
                _room[kept++] = value;
            }
        }

        (_held, _level) = (count, cut);
    }

    /// <summary>The count-th largest: the patterns of floats, as <see cref="Pattern"/> orders them, halved until one is left.</summary>
    private static float Cut(ReadOnlySpan<float> values, int count)
    {
        long low = Pattern(TensorPrimitives.Min(values)), high = Pattern(TensorPrimitives.Max(values));
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            (low, high) = Reaching(values, Value((int)middle)) >= count ? (middle, high) : (low, middle - 1);
        }

        return Value((int)low);
    }

    private static int Reaching(ReadOnlySpan<float> values, float level)
    {
        var (reached, at) = (Vector<int>.Zero, 0);
        for (; at + Vector<float>.Count <= values.Length; at += Vector<float>.Count)
        {
            reached -= Vector.GreaterThanOrEqual(new Vector<float>(values[at..]), new Vector<float>(level));
        }

        var sum = Vector.Sum(reached);
        for (; at < values.Length; at++)
        {
            sum += values[at] >= level ? 1 : 0;
        }

        return sum;
    }

    /// <summary>A whole number that orders as the float does: all bits but the sign of negatives are flipped.</summary>
    private static int Pattern(float value) => Flip(BitConverter.SingleToInt32Bits(value));

    private static float Value(int pattern) => BitConverter.Int32BitsToSingle(Flip(pattern));

    private static int Flip(int bits) => bits ^ ((bits >> 31) & int.MaxValue);
}
