using StructCore.Vision.Features;

namespace StructCore.Edge.Inspection;

/// <summary>Opens the backbone that the configuration names, or else the one that the banks were fitted with.</summary>
internal static class ExtractorFactory
{
    /// <exception cref="InvalidBackboneException">Not there, or damaged.</exception>
    /// <exception cref="ExecutionProviderException">The provider does not start here.</exception>
    public static IFeatureExtractor Open(ModelOptions options, string? fittedWith)
    {
        var folders = new BackboneFolders([options.Folder, Path.Combine(AppContext.BaseDirectory, "models")]);
        return OnnxFeatureExtractor.Open(folders.Find(options.Backbone ?? fittedWith), new() { Provider = options.Provider, Device = options.Device, Threads = options.Threads });
    }
}
