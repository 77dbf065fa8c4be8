using System.Collections.Concurrent;

namespace StructCore.Vision.Imaging;

/// <summary>
/// The fixed-point weights of one axis of Pillow's antialiased bilinear filter, for a window of the target.
/// Immutable; the last few sizes are kept, since a camera sends frames of one size.
/// </summary>
internal sealed class ResampleAxis
{
    /// <summary>Pillow's precision for 8-bit samples: 32 bits less 8 of the sample and 2 of head room.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    /// <summary>Taps are taken in groups of four; the last group is filled with zero weights.</summary>
    public const int TapGroup = 4;

    private const int Kept = 64;

    private static readonly ConcurrentDictionary<(int Source, int Target, int Offset, int Length), ResampleAxis> Cache = new();

    private readonly int[] _first;
    private readonly int[] _weights;

    private ResampleAxis(int source, int target, int offset, int length)
    {
        var scale = (double)source / target;
        var support = Math.Max(scale, 1);
        var first = new int[length];
        var count = new int[length];
        for (var i = 0; i < length; i++)
        {
            var centre = (i + offset + 0.5) * scale;
            first[i] = Math.Max((int)(centre - support + 0.5), 0);
            count[i] = Math.Min((int)(centre + support + 0.5), source) - first[i];
        }

        _first = first;
        Taps = (count.Max() + TapGroup - 1) / TapGroup * TapGroup;
        _weights = new int[length * Taps];
        var triangle = new double[Taps];
        for (var i = 0; i < length; i++)
        {
            var centre = (i + offset + 0.5) * scale;
            var sum = 0.0;
            for (var t = 0; t < count[i]; t++)
            {
                triangle[t] = Math.Max(1 - Math.Abs((t + first[i] - centre + 0.5) * (1 / support)), 0);
                sum += triangle[t];
            }

            for (var t = 0; t < count[i]; t++)
            {
                _weights[(i * Taps) + t] = (int)(0.5 + (triangle[t] / sum * (1 << PrecisionBits)));
            }
        }
    }

    /// <summary>Weights per target sample, a multiple of <see cref="TapGroup"/>. Those past the end of the source are zero.</summary>
    public int Taps { get; }

    /// <summary>First source sample of each target sample of the window, [length].</summary>
    public ReadOnlySpan<int> First => _first;

    /// <summary>Weights in units of 2^-22, [length, taps].</summary>
    public ReadOnlySpan<int> Weights => _weights;

    /// <summary>Samples <paramref name="offset"/> .. offset + length of a resize from <paramref name="source"/> to <paramref name="target"/> samples.</summary>
    public static ResampleAxis For(int source, int target, int offset, int length)
    {
        if (Cache.TryGetValue((source, target, offset, length), out var kept))
        {
            return kept;
        }

        // A folder of images of all sizes must not grow the cache for ever.
        if (Cache.Count >= Kept)
        {
            Cache.Clear();
        }

        return Cache.GetOrAdd((source, target, offset, length), k => new ResampleAxis(k.Source, k.Target, k.Offset, k.Length));
    }
}
