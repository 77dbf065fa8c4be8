using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.ZeroShot;

namespace StructCore.Edge.Commands;

/// <summary>Images of which nobody says that all are good: those that mutual scoring proposes are fitted from.</summary>
internal static class UnlabelledImages
{
    /// <summary>A folder that nobody has sorted, as one product.</summary>
    /// <param name="folder">The images.</param>
    /// <param name="category">The product's name, or none: the folder's.</param>
    public static ProductImages Open(string folder, string[] category)
    {
        if (category.Length > 1)
        {
            throw new CommandFailedException($"--unlabelled takes the images of one product, --category names {category.Length}: {string.Join(", ", category)}. Name one.");
        }

        var name = category.Length == 1 ? category[0] : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        FitCommand.RequireCategory(name);
        return new ProductImages { Category = name, Layout = ImageLayout.PlainFolder, Train = [.. ImageBatch.Open(folder).Select(i => i.Path)], Test = [] };
    }

    /// <summary>Leaves out what the other images contradict.</summary>
    /// <param name="product">All images; their order stays.</param>
    /// <param name="backbonePath">The backbone's .onnx file.</param>
    /// <param name="run">What runs it.</param>
    /// <param name="options">How they are screened.</param>
    /// <param name="leaveOut">Share that is left out; null: the outliers.</param>
    /// <param name="report">Folder for the files of the screening; null: none are written.</param>
    /// <param name="error">Where the bars are shown.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static ProductImages Screen(ProductImages product, string backbonePath, ExtractorOptions run, ScreeningOptions options, double? leaveOut, string? report, TextWriter error, CancellationToken cancellationToken)
    {
        var screened = BatchScreening.Screen(product.Train, backbonePath, run, options, error, cancellationToken);
        var proposal = GoodProposal.Of(screened, leaveOut);
        if (report is not null)
        {
            var backbone = BackboneManifestFile.Read(backbonePath);
            BatchImage[] batch = [.. product.Train.Select(path => new BatchImage(path, null))];
            ScreeningFiles.Write(report, ScreeningReport.Of(batch, screened, proposal, backbone.Name), screened, backbone, options.Frame, AdapterSet.Current.ImageCodec);
        }

        return product with { Train = [.. screened.Where(proposal.Keeps).Select(i => i.Path)] };
    }
}
