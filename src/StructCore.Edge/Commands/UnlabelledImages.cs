using StructCore.Vision.Datasets;
using StructCore.Vision.ZeroShot;

namespace StructCore.Edge.Commands;

/// <summary>A folder that nobody has sorted as images to fit from: those that screening proposes as good.</summary>
internal static class UnlabelledImages
{
    /// <returns>The product with its proposed images in ordinal order, and how many were left out.</returns>
    public static (ProductImages Product, int LeftOut) Screen(string folder, string[] category, string backbonePath, ScreeningOptions options, double leaveOut, TextWriter error, CancellationToken cancellationToken)
    {
        if (category.Length > 1)
        {
            throw new CommandFailedException($"--unlabelled takes the images of one product, --category names {category.Length}: {string.Join(", ", category)}. Name one.");
        }

        string[] images = [.. ImageBatch.Open(folder).Select(i => i.Path)];
        var screened = BatchScreening.Screen(images, backbonePath, options, error, cancellationToken);
        var proposal = GoodProposal.Of(screened, leaveOut);
        string[] good = [.. screened.Where(proposal.Keeps).Select(i => i.Path)];
        var name = category.Length == 1 ? category[0] : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return (new ProductImages { Category = name, Layout = ImageLayout.PlainFolder, Train = good, Test = [] }, images.Length - good.Length);
    }
}
