using System.CommandLine;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Inference;

namespace StructCore.Edge.Commands;

/// <summary>Opens the backbone that banks were fitted with, or the one that is asked for.</summary>
internal static class BankBackbone
{
    public static Option<string?> CreateOption() => new("--backbone")
    {
        HelpName = "NAME|FILE",
        Description = "Backbone by name or .onnx file [default: the one the banks were fitted with]",
    };

    /// <summary>Opens it, to score with, for at least one bank.</summary>
    /// <exception cref="CommandFailedException">The banks come from several backbones.</exception>
    public static ImageScorer OpenScorer(BackboneFolders folders, string? asked, IReadOnlyList<ProductBank> banks) => new HostScorer(Open(folders, asked, banks), TimeProvider.System);

    /// <summary>Opens it for at least one bank; whoever scores with it asks every bank whether it is the right one.</summary>
    public static OnnxFeatureExtractor Open(BackboneFolders folders, string? asked, IReadOnlyList<ProductBank> banks, ExtractorOptions? options = null)
    {
        var names = banks.Select(b => b.Manifest.Backbone).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length > 1)
        {
            throw new CommandFailedException(
                $"The banks come from different backbones: {string.Join(", ", banks.Select(b => $"{b.Manifest.Id} from '{b.Manifest.Backbone}'"))}. Fit them with one, or keep them in different folders.");
        }

        return OnnxFeatureExtractor.Open(folders.Find(asked ?? names[0]), options);
    }
}
