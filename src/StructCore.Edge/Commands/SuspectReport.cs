using System.Globalization;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Scoring;

namespace StructCore.Edge.Commands;

/// <summary>Tells a person which training images the others contradict: a line each, and overlays where a folder is named.</summary>
internal static class SuspectReport
{
    /// <param name="product">The images the bank was fitted from.</param>
    /// <param name="suspects">Those that are contradicted; nothing is written where there are none.</param>
    /// <param name="leftOut">Whether they are left out of the bank.</param>
    /// <param name="folder">Where the overlays went; null: none were asked for.</param>
    /// <param name="output">What a person reads.</param>
    public static void Write(ProductImages product, Suspects suspects, bool leftOut, string? folder, TextWriter output)
    {
        if (suspects.Images.Count == 0)
        {
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"structcore: {suspects.Images.Count} of {product.Train.Count} images of '{product.Category}' are contradicted by the others{(leftOut ? " and left out" : "")} (of images named so, about {Suspects.FalseShare:P0} are like the others):"));
        foreach (var suspect in suspects.Images)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {product.Train[suspect.Image]}: {suspect.Score:G5}, the others at most {suspects.Level:G5}, p {suspect.PValue:G2}"));
        }

        var look = folder is null ? "Name a folder with --report for overlays of them." : $"Their overlays are in '{folder}'.";
        var remedy = leftOut ? "" : " A defect among them is learned as good: take it away and fit again, or let --screen leave them out.";
        output.WriteLine($"structcore: {look}{remedy}");
    }

    /// <summary>A file for each suspect, the most suspicious first; what a map has above all others' is outlined.</summary>
    public static void Draw(string folder, ProductImages product, Suspects suspects, PeerReview review, BackboneManifest backbone, FrameMode frame, IImageCodec codec, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var (rank, suspect) in suspects.Images.Index())
        {
            var path = product.Train[suspect.Image];
            if (review.Patches(suspect.Image, cancellationToken) is { } patches)
            {
                using var image = codec.Load(path);
                using var map = AnomalyMap.From(patches, backbone.Crop);
                using var overlay = Overlay.Render(image, map, frame, backbone.Resize, backbone.Crop, suspects.Level);
                using var file = File.Create(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{rank + 1:D2}-{Path.GetFileNameWithoutExtension(path)}.jpg")));
                codec.EncodeJpeg(overlay, file);
            }
        }
    }
}
