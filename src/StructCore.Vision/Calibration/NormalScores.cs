using System.Collections;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Calibration;

/// <summary>
/// What the calibration images came to, one row an image: all that thresholds, p-values and limits are made of. In JSON
/// the base64 of float32 [n, 6], little-endian, row-major: maximum, dispersion, tail, total variation, route distance, cover distance.
/// </summary>
/// <remarks>Immutable; equal where every bit is. Safe to use from any thread.</remarks>
[JsonConverter(typeof(NormalScoresConverter))]
public sealed class NormalScores : IReadOnlyList<NormalScore>, IEquatable<NormalScores>
{
    private const int Columns = 6;

    private readonly float[] _values;

    /// <summary>Copies <paramref name="images"/>, in their order.</summary>
    public NormalScores(IEnumerable<NormalScore> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        _values = [.. images.SelectMany(i => new[] { i.Map.Maximum, i.Map.Structure.Dispersion, i.Map.Structure.Tail, i.Map.Structure.TotalVariation, i.RouteDistance, i.CoverDistance })];
    }

    private NormalScores(float[] values) => _values = values;

    /// <summary>Images, n.</summary>
    public int Count => _values.Length / Columns;

    /// <summary>Whether every value is a finite number.</summary>
    public bool IsFinite => Array.TrueForAll(_values, float.IsFinite);

    /// <summary>The rows as they are written, [n, 6].</summary>
    internal ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes<float>(_values);

    /// <summary>Image <paramref name="index"/>, 0 to n - 1.</summary>
    public NormalScore this[int index]
    {
        get
        {
            var row = _values.AsSpan(index * Columns, Columns);
            return new(new MapStatistics(row[0], new StructuralDescriptor(row[1], row[2], row[3])), row[4], row[5]);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<NormalScore> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(NormalScores? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NormalScores);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>Null where <paramref name="bytes"/> are no whole rows.</summary>
    internal static NormalScores? FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length % (Columns * sizeof(float)) == 0 ? new NormalScores(MemoryMarshal.Cast<byte, float>(bytes).ToArray()) : null;
}
