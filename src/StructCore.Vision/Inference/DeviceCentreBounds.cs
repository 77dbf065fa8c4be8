using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Inference;

/// <summary>
/// Bounds on the distances of all proxies to new centres from one product on a device: |x|² + min(|c|² - 2x·c), taken around the mean, plus
/// all that rounding can have hidden. The proxies go there once; a block of centres comes back as one number per row.
/// </summary>
/// <remarks>One caller at a time. Device memory: 512 bytes a row, and 128 MB.</remarks>
public sealed class DeviceCentreBounds : CentreBounds
{
    // With u = 2^-24 and sums of 128 terms in any order, the product and both norms are within 2·128 u (|x|² + |c|²) of the truth, taking away the mean
    // costs 4 u, what decides is itself rounded by at most 2·130 u, and a few additions remain: less than 600 u altogether.
    private const float Rounding = 1024f / (1 << 24);

    private const int RowsPerPart = 1 << 18;
    private const int CentresPerRun = 128;

    private readonly ProxyRows _proxies;
    private readonly DeviceSession _session;
    private readonly DeviceTensors[] _parts;
    private readonly float[] _mean = new float[Coreset.ProxyWidth];
    private readonly float[] _squares;
    private readonly float[] _smallest;

    /// <summary>Uploads the proxies of <paramref name="rows"/>.</summary>
    /// <param name="proxies">All proxies; held on to.</param>
    /// <param name="rows">The rows to choose among.</param>
    /// <param name="options">The device; always computes in float32.</param>
    /// <exception cref="ExecutionProviderException">The provider is not part of this ONNX Runtime or does not start.</exception>
    public DeviceCentreBounds(ProxyRows proxies, IReadOnlyList<int> rows, ExtractorOptions options)
    {
        ArgumentNullException.ThrowIfNull(proxies);
        ArgumentNullException.ThrowIfNull(rows);
        (_proxies, _session) = (proxies, DeviceSession.Open(CentreGraph.Build(), options));
        (_squares, _smallest) = (new float[rows.Count], new float[rows.Count]);
        foreach (var row in rows)
        {
            TensorPrimitives.MultiplyAdd(proxies[row], 1f / rows.Count, _mean, _mean);
        }

        _parts = [.. rows.Chunk(RowsPerPart).Select((part, p) => Upload(part, p * RowsPerPart))];
    }

    /// <inheritdoc/>
    public override void Lower(ReadOnlySpan<int> centres, Span<float> nearest)
    {
        for (var first = 0; first < centres.Length; first += CentresPerRun)
        {
            LowerBy(centres[first..Math.Min(first + CentresPerRun, centres.Length)], nearest);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }

        _session.Dispose();
    }

    private DeviceTensors Upload(int[] rows, int first)
    {
        var values = new float[rows.Length * Coreset.ProxyWidth];
        for (var i = 0; i < rows.Length; i++)
        {
            _squares[first + i] = Centre(rows[i], values.AsSpan(i * Coreset.ProxyWidth, Coreset.ProxyWidth));
        }

        var tensors = new DeviceTensors(_session);
        tensors.Hold(CentreGraph.Rows, values, rows.Length, Coreset.ProxyWidth);
        return tensors;
    }

    private void LowerBy(ReadOnlySpan<int> centres, Span<float> nearest)
    {
        var (values, norms) = (new float[centres.Length * Coreset.ProxyWidth], new float[centres.Length]);
        for (var c = 0; c < centres.Length; c++)
        {
            norms[c] = Centre(centres[c], values.AsSpan(c * Coreset.ProxyWidth, Coreset.ProxyWidth));
        }

        using var centreValues = OrtValue.CreateTensorValueFromMemory(values, [centres.Length, Coreset.ProxyWidth]);
        using var normValues = OrtValue.CreateTensorValueFromMemory(norms, [centres.Length]);
        for (var part = 0; part < _parts.Length; part++)
        {
            var (first, binding) = (part * RowsPerPart, _parts[part].Binding);
            var count = Math.Min(RowsPerPart, _smallest.Length - first);
            using var output = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _smallest.AsMemory(first, count), [count]);
            binding.BindInput(CentreGraph.Centres, centreValues);
            binding.BindInput(CentreGraph.Norms, normValues);
            binding.BindOutput(CentreGraph.Smallest, output);
            _session.Run(binding);
        }

        var largest = TensorPrimitives.Max<float>(norms);
        for (var i = 0; i < nearest.Length; i++)
        {
            nearest[i] = Math.Min(nearest[i], Math.Max(0, _smallest[i] + _squares[i]) + (Rounding * (_squares[i] + largest)));
        }
    }

    /// <summary>A row less the mean; returns its squared norm.</summary>
    private float Centre(int row, Span<float> centred)
    {
        TensorPrimitives.Subtract(_proxies[row], _mean, centred);
        return TensorPrimitives.SumOfSquares<float>(centred);
    }
}
