using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Inference;

/// <summary>One memory bank on the device, bound to the scoring graph: another bank is another binding, so that a swap uploads its rows and nothing else.</summary>
/// <remarks>Used from one <see cref="DeviceThread"/>.</remarks>
internal sealed class DeviceBank : IDisposable
{
    // A row this far away is never among the nearest, and its square is still a float32.
    private const float FarAway = 1e18f;

    // Distances and differences of the images that are scored together stay below this, whatever the bank's size.
    private const long LargestWorkBytes = 512L << 20;

    private readonly DeviceSession _session;
    private readonly DeviceTensors _tensors;
    private readonly int _patches;
    private readonly int _rows;
    private readonly long _bytes;

    /// <summary>Uploads <paramref name="bank"/>.</summary>
    /// <param name="session">The scoring graph's.</param>
    /// <param name="bank">Its rows; not held on to.</param>
    /// <param name="neighbours">k, 1 to a panel's rows.</param>
    /// <param name="patches">P.</param>
    public DeviceBank(DeviceSession session, MemoryBank bank, int neighbours, int patches)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(neighbours, ScoringGraph.Panel);
        var (width, panels) = (bank.Width, ((bank.Rows - 1) / ScoringGraph.Panel) + 1);
        (_session, _patches, _rows, _tensors) = (session, patches, panels * ScoringGraph.Panel, new DeviceTensors(session));
        var candidates = Math.Min(2 * neighbours, ScoringGraph.Panel);
        LargestBatch = (int)Math.Max(1, LargestWorkBytes / (sizeof(float) * (long)patches * (_rows + (2 * candidates * width))));

        var (rows, floors, norms) = (new float[(long)_rows * width], new float[_rows], new float[_rows]);
        bank.Values.CopyTo(rows);
        for (var row = 0; row < _rows; row++)
        {
            if (row >= bank.Rows)
            {
                rows[(long)row * width] = FarAway;
            }

            floors[row] = row < bank.Rows ? bank.Floor(row) : 0;
            norms[row] = floors[row] + TensorPrimitives.SumOfSquares(rows.AsSpan(row * width, width));
        }

        _tensors.Hold(ScoringGraph.Rows, rows, _rows, width);
        _tensors.Hold(ScoringGraph.Floors, floors, _rows);
        _tensors.Hold(ScoringGraph.Norms, norms, _rows);
        _tensors.Hold(ScoringGraph.Panels, [.. Enumerable.Range(0, panels).Select(p => (long)p * ScoringGraph.Panel)], panels, 1);
        _tensors.Hold(ScoringGraph.Candidates, [(long)candidates], 1);
        _tensors.Hold(ScoringGraph.Neighbours, [(long)Math.Min(neighbours, bank.Rows)], 1);

        // The collector sees a small object and would let a bank that nobody uses any more lie on the device for hours.
        _bytes = sizeof(float) * (long)_rows * width;
        GC.AddMemoryPressure(_bytes);
    }

    ~DeviceBank() => GC.RemoveMemoryPressure(_bytes);

    /// <summary>Most images one run takes.</summary>
    public int LargestBatch { get; }

    /// <summary>Scores some images of a batch.</summary>
    /// <param name="features">z, [N, P, D], on the device.</param>
    /// <param name="images">Which of the N; at most <see cref="LargestBatch"/>.</param>
    /// <param name="cancellationToken">Gives up between two nodes.</param>
    /// <returns>s, [images, P], and maximum, dispersion, tail and total variation, [images, 4].</returns>
    public (float[] Patches, float[] Figures) Score(OrtValue features, long[] images, CancellationToken cancellationToken)
    {
        var (patches, figures) = (new float[images.Length * _patches], new float[images.Length * ScoringGraph.FigureCount]);
        using var chosen = OrtValue.CreateTensorValueFromMemory(images, [images.Length]);
        using var patchValues = OrtValue.CreateTensorValueFromMemory(patches, [images.Length, _patches]);
        using var figureValues = OrtValue.CreateTensorValueFromMemory(figures, [images.Length, ScoringGraph.FigureCount]);
        _tensors.Binding.BindInput(ScoringGraph.Features, features);
        _tensors.Binding.BindInput(ScoringGraph.Images, chosen);
        _tensors.Binding.BindOutput(ScoringGraph.Patches, patchValues);
        _tensors.Binding.BindOutput(ScoringGraph.Figures, figureValues);
        _session.Run(_tensors.Binding, cancellationToken: cancellationToken);
        return (patches, figures);
    }

    public void Dispose()
    {
        _tensors.Dispose();
        GC.RemoveMemoryPressure(_bytes);
        GC.SuppressFinalize(this);
    }
}
