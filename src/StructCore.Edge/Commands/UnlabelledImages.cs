using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.ZeroShot;

namespace StructCore.Edge.Commands;

/// <summary>A folder that nobody has sorted as images to fit from: those that screening proposes as good.</summary>
internal static class UnlabelledImages
{
    /// <param name="folder">The images.</param>
    /// <param name="category">The product's name, or none: the folder's.</param>
    /// <param name="backbonePath">The backbone's .onnx file.</param>
    /// <param name="run">What runs it.</param>
    /// <param name="options">How they are screened.</param>
    /// <param name="leaveOut">Share that is left out; null: the outliers.</param>
    /// <param name="report">Folder for the files of the screening; null: none are written.</param>
    /// <param name="error">Where the bars are shown.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The product with its proposed images in ordinal order, and how many were left out.</returns>
    public static (ProductImages Product, int LeftOut) Screen(string folder, string[] category, string backbonePath, ExtractorOptions run, ScreeningOptions options, double? leaveOut, string? report, TextWriter error, CancellationToken cancellationToken)
    {
        if (category.Length > 1)
        {
            throw new CommandFailedException($"--unlabelled takes the images of one product, --category names {category.Length}: {string.Join(", ", category)}. Name one.");
        }

        var name = category.Length == 1 ? category[0] : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        FitCommand.RequireCategory(name);
        var batch = ImageBatch.Open(folder);
        var screened = BatchScreening.Screen([.. batch.Select(i => i.Path)], backbonePath, run, options, error, cancellationToken);
        var proposal = GoodProposal.Of(screened, leaveOut);
        if (report is not null)
        {
            var backbone = BackboneManifestFile.Read(backbonePath);
            ScreeningFiles.Write(report, ScreeningReport.Of(batch, screened, proposal, backbone.Name), screened, backbone, options.Frame, AdapterSet.Current.ImageCodec);
        }

        string[] good = [.. screened.Where(proposal.Keeps).Select(i => i.Path)];
        return (new ProductImages { Category = name, Layout = ImageLayout.PlainFolder, Train = good, Test = [] }, batch.Count - good.Length);
    }
}
