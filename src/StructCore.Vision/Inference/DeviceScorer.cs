using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Inference;

/// <summary>Scores on a device through ONNX Runtime: 8-bit crops in, patch scores and four figures per image out; everything between stays there.</summary>
/// <remarks>
/// Four graphs share tensors on the device: pixels, backbone, routing, scoring. A single graph would have to carry every bank of a set through every run; so the
/// host picks the bank from a few route distances, and a bank is a binding of the scoring graph whose rows are on the device already. The backbone is the
/// model file itself: only it is given to TensorRT, turned to float16 or captured as a CUDA graph, and whatever a score is made of stays float32.
/// Safe to call from several threads: frames are brought to size where they come from, and the device does one pass after the other.
/// </remarks>
public sealed class DeviceScorer : ImageScorer
{
    private readonly TimeProvider _time;
    private readonly DeviceThread _thread;
    private readonly DeviceFeatures _features;
    private readonly DeviceSession _routing;
    private readonly DeviceSession _scoring;
    private readonly DeviceSession _copying;

    // What lies on the device for as long as somebody holds the bank or set; only the device's thread looks.
    private readonly ConditionalWeakTable<MemoryBank, DeviceBank> _banks = [];
    private readonly ConditionalWeakTable<BankSet, DeviceRouter> _routers = [];

    private DeviceScorer(DeviceThread thread, DeviceFeatures features, DeviceOptions options, TimeProvider time)
    {
        (_thread, _features, _time, Batch) = (thread, features, time, options.LargestBatch);
        _routing = DeviceSession.Open(RoutingGraph.Build(Backbone), options.Extractor);
        _scoring = DeviceSession.Open(ScoringGraph.Build(Backbone.Grid, Backbone.Width, Backbone.Crop), options.Extractor);
        _copying = DeviceSession.Open(CopyGraph.Build(Backbone), options.Extractor);
    }

    /// <inheritdoc/>
    public override BackboneManifest Backbone => _features.Backbone;

    /// <inheritdoc/>
    public override int Batch { get; }

    private int Patches => Backbone.Grid * Backbone.Grid;

    /// <summary>Loads <paramref name="onnxPath"/> as its sidecar describes it and, on a GPU, runs every batch size once; TensorRT's first engine takes minutes.</summary>
    /// <param name="onnxPath">The backbone.</param>
    /// <param name="options">What runs it and how.</param>
    /// <param name="time">What the stages are timed by.</param>
    /// <exception cref="InvalidBackboneException">File or sidecar missing, hash or shapes other than the sidecar says, or ONNX Runtime refuses the file.</exception>
    /// <exception cref="ExecutionProviderException">The provider is not part of this ONNX Runtime or does not start.</exception>
    public static DeviceScorer Open(string onnxPath, DeviceOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.LargestBatch);
        var thread = new DeviceThread();
        try
        {
            return thread.Run(() =>
            {
                var features = new DeviceFeatures(onnxPath, options);
                try
                {
                    if (options.Extractor.Provider != ExecutionProvider.Cpu)
                    {
                        features.WarmUp();
                    }

                    return new DeviceScorer(thread, features, options, time);
                }
                catch
                {
                    features.Dispose();
                    throw;
                }
            });
        }
        catch
        {
            thread.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<InspectedImage> Score(IReadOnlyList<ImageToScore> images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count, nameof(images));
        var inspected = new List<InspectedImage>(images.Count);
        for (var first = 0; first < images.Count; first += Batch)
        {
            inspected.AddRange(Pass([.. images.Skip(first).Take(Batch)], cancellationToken));
        }

        return inspected;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _thread.Run(() =>
        {
            foreach (var (_, bank) in _banks)
            {
                bank.Dispose();
            }

            foreach (var (_, router) in _routers)
            {
                router.Dispose();
            }

            _copying.Dispose();
            _scoring.Dispose();
            _routing.Dispose();
            _features.Dispose();
            return true;
        });
        _thread.Dispose();
    }

    private InspectedImage[] Pass(ImageToScore[] images, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        var crops = ArrayPool<byte>.Shared.Rent(images.Length * _features.CropBytes);
        try
        {
            Parallel.For(0, images.Length, new ParallelOptions { MaxDegreeOfParallelism = ComputeThreads.Count, CancellationToken = cancellationToken }, i =>
                ImagePreprocessor.Crop(images[i].Frame, images[i].Banks.Mode, Backbone.Resize, Backbone.Crop, crops.AsSpan(i * _features.CropBytes, _features.CropBytes)));
            return _thread.Run(() => OnDevice(images, crops.AsMemory(0, images.Length * _features.CropBytes), start, cancellationToken));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(crops);
        }
    }

    private InspectedImage[] OnDevice(ImageToScore[] images, Memory<byte> crops, long start, CancellationToken cancellationToken)
    {
        var features = _features.Extract(crops, images.Length, cancellationToken);
        var extracted = _time.GetTimestamp();
        var routed = new (Route Route, bool IsFinite, ProductBank Bank)[images.Length];
        foreach (var set in images.Select(i => i.Banks).Distinct())
        {
            var routes = RouterOf(set).Route(features, images.Length, cancellationToken);
            for (var i = 0; i < images.Length; i++)
            {
                if (images[i].Banks == set)
                {
                    routed[i] = (routes[i].Route, routes[i].IsFinite, set.Choose(images[i].Recipe, routes[i].Route));
                }
            }
        }

        var directed = _time.GetTimestamp();
        var scores = new (PatchScores Patches, MapStatistics Map)[images.Length];
        Array.Fill(scores, Unknown());
        foreach (var group in Enumerable.Range(0, images.Length).Where(i => routed[i].IsFinite).GroupBy(i => routed[i].Bank.Memory))
        {
            Score(features, BankOf(routed[group.First()].Bank), [.. group.Select(i => (long)i)], scores, cancellationToken);
        }

        var times = new StageTimes(_time.GetElapsedTime(start, extracted) / images.Length, _time.GetElapsedTime(extracted, directed) / images.Length, _time.GetElapsedTime(directed) / images.Length);
        return [.. images.Select((image, i) => new InspectedImage(routed[i].Route, routed[i].Bank, routed[i].Bank.Judge(scores[i].Patches, scores[i].Map), times)
        {
            Features = image.KeepFeatures ? CopyOf(features, i) : null,
        }.Examine(routed[i].IsFinite, image.Recipe))];
    }

    // What is no number is kept from the search: nobody says which rows are then the nearest.
    private (PatchScores Patches, MapStatistics Map) Unknown()
    {
        var patches = new float[Patches];
        Array.Fill(patches, float.NaN);
        return (new PatchScores(Backbone.Grid, Backbone.Grid, patches), new MapStatistics(float.NaN, new StructuralDescriptor(float.NaN, float.NaN, float.NaN)));
    }

    private void Score(OrtValue features, DeviceBank bank, long[] images, (PatchScores Patches, MapStatistics Map)[] scores, CancellationToken cancellationToken)
    {
        foreach (var some in images.Chunk(bank.LargestBatch))
        {
            var (patches, figures) = bank.Score(features, some, cancellationToken);
            for (var i = 0; i < some.Length; i++)
            {
                var own = figures.AsSpan(i * ScoringGraph.FigureCount, ScoringGraph.FigureCount);
                scores[some[i]] = (new PatchScores(Backbone.Grid, Backbone.Grid, patches[(i * Patches)..((i + 1) * Patches)]), new MapStatistics(own[0], new StructuralDescriptor(own[1], own[2], own[3])));
            }
        }
    }

    private PatchFeatures CopyOf(OrtValue features, int image)
    {
        var copy = PatchFeatures.Rent(1, Backbone.Grid, Backbone.Grid, Backbone.Width, out var values)[0];
        using var binding = _copying.Bind();
        using var chosen = OrtValue.CreateTensorValueFromMemory([(long)image], [1]);
        using var output = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, [1, Patches, Backbone.Width]);
        binding.BindInput(CopyGraph.Features, features);
        binding.BindInput(CopyGraph.Images, chosen);
        binding.BindOutput(CopyGraph.Copy, output);
        _copying.Run(binding);
        return copy;
    }

    private DeviceBank BankOf(ProductBank bank) => _banks.GetValue(bank.Memory, memory => new DeviceBank(_scoring, memory, bank.Manifest.Neighbours, Patches));

    private DeviceRouter RouterOf(BankSet set) => _routers.GetValue(set, s => new DeviceRouter(_routing, s.Routing, Patches));
}
