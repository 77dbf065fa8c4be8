using StructCore.Vision.Features;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Inference;

public sealed class HostScorerTests : ImageScorerTests
{
    protected override ImageScorer Open() => new HostScorer(OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone), TimeProvider.System);
}
