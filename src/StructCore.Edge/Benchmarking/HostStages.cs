using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Edge.Benchmarking;

/// <summary>The stages of a score on the processor, each on its own, on inputs that were made before.</summary>
internal sealed class HostStages : IDisposable
{
    private readonly OnnxFeatureExtractor _extractor;
    private readonly BankSet _banks;
    private readonly BenchFrames _frames;
    private readonly PatchFeatures[] _features;
    private readonly PatchScores[] _scores;
    private readonly NearestNeighbourSearch _search;
    private readonly float[] _pixels;

    public HostStages(OnnxFeatureExtractor extractor, BankSet banks, BenchFrames frames)
    {
        (_extractor, _banks, _frames) = (extractor, banks, frames);
        _features = [.. frames.Images.Select(f => extractor.Extract(f, banks.Mode))];
        _scores = [.. _features.Select(f => banks.Banks[0].Score(f).Patches)];
        _search = new NearestNeighbourSearch(banks.Banks[0].Memory);
        _pixels = new float[RgbImage.Channels * extractor.Backbone.Crop * extractor.Backbone.Crop];
        Preprocess(0);
    }

    public IReadOnlyList<BenchStage> All =>
    [
        Each(BenchStage.Preprocess, Preprocess),
        Each(BenchStage.Backbone, _ => _extractor.ExtractNormalised(_pixels).Dispose()),
        Each(BenchStage.Routing, i => BankRouter.Route(_features[i], _banks.Routing)),
        Each(BenchStage.Neighbours, i => _search.Score(_features[i])),
        Each(BenchStage.Map, i => MapStatistics.Of(_scores[i], _extractor.Backbone.Crop)),
    ];

    public void Dispose()
    {
        foreach (var features in _features)
        {
            features.Dispose();
        }
    }

    private static BenchStage Each(string name, Action<int> work) => new(name, turns => Array.ForEach(turns, work));

    private void Preprocess(int frame)
    {
        var backbone = _extractor.Backbone;
        ImagePreprocessor.ToTensor(_frames.Images[frame], _banks.Mode, backbone.Resize, backbone.Crop, backbone.Mean, backbone.Std, _pixels, ComputeThreads.Count);
    }
}
