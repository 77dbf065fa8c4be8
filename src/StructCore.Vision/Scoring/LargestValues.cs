using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace StructCore.Vision.Scoring;

/// <summary>
/// The largest of many values by selection: what lies above a level waits in a room for a few times their number; whenever the room is full
/// the smaller ones go, and the level rises to what is left.
/// </summary>
/// <remarks>Not thread-safe. Its room comes from a pool. Meant for finite values.</remarks>
internal sealed class LargestValues(int count) : IDisposable
{
    private readonly float[] _room = ArrayPool<float>.Shared.Rent((4 * count) + Vector<float>.Count);
    private int _held;
    private float _level = float.NegativeInfinity;

    /// <summary>The largest of all.</summary>
    public float Maximum => TensorPrimitives.Max(Held);

    // So near to the count that little is held for nothing, so far that a few halvings find the level.
    private int Enough => count + (count / 4);

    private Span<float> Held => _room.AsSpan(0, _held);

    public void Add(ReadOnlySpan<float> values)
    {
        var at = 0;
        foreach (var some in MemoryMarshal.Cast<float, Vector<float>>(values))
        {
            if (Vector.GreaterThanAny(some, new Vector<float>(_level)))
            {
                Take(values.Slice(at, Vector<float>.Count));
            }

            at += Vector<float>.Count;
        }

        Take(values[at..]);
    }

    /// <summary>Mean of the count largest; at least as many must have been added.</summary>
    public float Mean()
    {
        Select(Enough);
        Select(count);
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
            Select(Enough);
        }

        // Written in any case, kept where it counts: there is no branch to guess.
        var free = _room.AsSpan(_held, Vector<float>.Count);
        var (taken, level) = (0, _level);
        foreach (var value in values)
        {
            free[taken] = value;
            taken += value > level ? 1 : 0;
        }

        _held += taken;
    }

    /// <summary>Leaves at most <paramref name="most"/> values, among them the count largest, in their order.</summary>
    private void Select(int most)
    {
        if (_held <= most)
        {
            return;
        }

        _level = Level(Held, count, most);
        var (kept, equals) = (0, most - Reaching(Held, float.BitIncrement(_level)));
        foreach (var value in Held)
        {
            if (value > _level || (value == _level && equals-- > 0))
            {
                _room[kept++] = value;
            }
        }

        _held = kept;
    }

    /// <summary>A level that at least <paramref name="least"/> values reach, and no more than <paramref name="most"/> unless they equal it: patterns of floats halved until one will do.</summary>
    private static float Level(ReadOnlySpan<float> values, int least, int most)
    {
        long low = Pattern(TensorPrimitives.Min(values)), high = Pattern(TensorPrimitives.Max(values));
        for (var reached = values.Length; low < high && reached > most;)
        {
            var middle = (low + high + 1) >> 1;
            var reaching = Reaching(values, Value((int)middle));
            (low, high, reached) = reaching >= least ? (middle, high, reaching) : (low, middle - 1, reached);
        }

        return Value((int)low);
    }

    private static int Reaching(ReadOnlySpan<float> values, float level)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var reached = Vector<int>.Zero;
        foreach (var some in vectors)
        {
            reached -= Vector.GreaterThanOrEqual(some, new Vector<float>(level));
        }

        var sum = Vector.Sum(reached);
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..])
        {
            sum += value >= level ? 1 : 0;
        }

        return sum;
    }

    /// <summary>A whole number that orders as the float does: all bits but the sign of negatives are flipped.</summary>
    private static int Pattern(float value) => Flip(BitConverter.SingleToInt32Bits(value));

    private static float Value(int pattern) => BitConverter.Int32BitsToSingle(Flip(pattern));

    private static int Flip(int bits) => bits ^ ((bits >> 31) & int.MaxValue);
}
