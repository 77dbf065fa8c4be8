using StructCore.Vision.Features;
using StructCore.Vision.Inference;

namespace StructCore.Edge.Inspection;

/// <summary>Opens the backbone that the configuration names, or else the one that the banks were fitted with, on the configured device.</summary>
internal static class ScorerFactory
{
    /// <exception cref="InvalidBackboneException">Not there, or damaged.</exception>
    /// <exception cref="ExecutionProviderException">The provider does not start here.</exception>
    public static ImageScorer Open(ModelOptions options, string? fittedWith, TimeProvider time)
    {
        ComputeThreads.Choose(options.Threads);
        var folders = new BackboneFolders([options.Folder, Path.Combine(AppContext.BaseDirectory, "models")]);
        var extractor = OnnxFeatureExtractor.Open(folders.Find(options.Backbone ?? fittedWith), new() { Provider = options.Provider, Device = options.Device });
        return new HostScorer(extractor, time);
    }
}
