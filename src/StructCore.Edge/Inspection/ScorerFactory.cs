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
        var backbone = folders.Find(options.Backbone ?? fittedWith);
        return options.Provider == ExecutionProvider.Cpu
            ? new HostScorer(OnnxFeatureExtractor.Open(backbone), time)
            : DeviceScorer.Open(backbone, OnDevice(options), time);
    }

    public static DeviceOptions OnDevice(ModelOptions options)
    {
        var device = new DeviceOptions
        {
            Extractor = new()
            {
                Provider = options.Provider,
                Device = options.Device,
                Precision = options.Precision,
                DeviceMemoryMegabytes = options.DeviceMemoryMegabytes,
                CacheFolder = options.CacheFolder ?? Path.Combine(options.Folder, "cache"),
            },
            CaptureGraphs = options.CudaGraphs,
        };
        return options.BatchSize == 0 ? device : device with { LargestBatch = options.BatchSize };
    }
}
