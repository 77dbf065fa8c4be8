using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.ZeroShot;

namespace StructCore.Edge.Commands;

/// <summary>What <c>fit</c> does about images that the others contradict: it names them, and leaves them out where it is asked to.</summary>
/// <param name="LeavesOut">Whether they are left out.</param>
/// <param name="Share">Share that mutual scoring leaves out, and nothing else does; null: the outliers.</param>
/// <param name="GroupSize">As <see cref="ScreeningOptions.GroupSize"/>.</param>
/// <param name="Files">Folder for the files of the mutual scoring; null: none are written.</param>
/// <param name="Overlays">Folder for overlays of the images named; null: none are drawn.</param>
internal sealed record FitScreening(bool LeavesOut, double? Share, int? GroupSize, string? Files, string? Overlays)
{
    /// <summary>Defects hide each other: without the worst, others show. A bank is fitted anew for each round.</summary>
    private const int Rounds = 5;

    /// <summary>Fits a bank, anew without the images that are left out.</summary>
    /// <param name="product">The images that were given.</param>
    /// <param name="fit">Fits a bank from the images it is given.</param>
    /// <param name="propose">What mutual scoring proposes of them as good.</param>
    /// <param name="extractor">The bank's backbone.</param>
    /// <param name="error">What a person reads.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The images the bank was fitted from, and the bank.</returns>
    public (ProductImages Fitted, ProductBank Bank) Fit(ProductImages product, Func<ProductImages, ProductBank> fit, Func<ProductImages, ProductImages> propose, IFeatureExtractor extractor, TextWriter error, CancellationToken cancellationToken)
    {
        if (Share is not null)
        {
            return FitReviewed(propose(product));
        }

        var reviewed = FitReviewed(product);
        if (!LeavesOut || reviewed.Fitted.Train.Count < product.Train.Count)
        {
            return reviewed;
        }

        // The calibration's scores cost fewer good images, but defects that have their like among the images hide from them; mutual scoring still sees those.
        var proposed = propose(product);
        return proposed.Train.Count < product.Train.Count ? FitReviewed(proposed) : reviewed;

        (ProductImages Fitted, ProductBank Bank) FitReviewed(ProductImages images)
        {
            var bank = fit(images);
            for (var round = 1; Review(images, bank, extractor, round, error, cancellationToken) is var kept && kept != images; round++)
            {
                (images, bank) = (kept, fit(kept));
            }

            return (images, bank);
        }
    }

    /// <summary>What mutual scoring proposes as good.</summary>
    public ProductImages Propose(ProductImages product, string backbonePath, ExtractorOptions run, FrameMode frame, TextWriter error, CancellationToken cancellationToken)
    {
        var options = new ScreeningOptions { Frame = frame, GroupSize = GroupSize };
        return UnlabelledImages.Screen(product, backbonePath, run, options, Share, Files, error, cancellationToken);
    }

    /// <summary>After a fit: names the images of the bank that the others contradict.</summary>
    /// <param name="product">The images of the bank.</param>
    /// <param name="bank">A bank that was just fitted.</param>
    /// <param name="extractor">Its backbone.</param>
    /// <param name="round">How many banks were fitted, from 1; after the last round none is left out any more.</param>
    /// <param name="error">What a person reads.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The images to fit from once more, or <paramref name="product"/> where none is left out.</returns>
    public ProductImages Review(ProductImages product, ProductBank bank, IFeatureExtractor extractor, int round, TextWriter error, CancellationToken cancellationToken)
    {
        var codec = AdapterSet.Current.ImageCodec;
        var review = new PeerReview(codec, extractor, bank, product.Train);
        var suspects = review.Suspects(cancellationToken);
        var leftOut = LeavesOut && Share is null && round <= Rounds;
        string? drawn = null;
        if (Overlays is not null && suspects.Images.Count > 0)
        {
            drawn = Path.Combine(Overlays, product.Category, leftOut ? "left-out" : "kept");
            SuspectReport.Draw(drawn, product, suspects, review, extractor.Backbone, bank.Manifest.Frame, codec, cancellationToken);
        }

        SuspectReport.Write(product, suspects, leftOut, drawn, error);
        var named = suspects.Images.Select(s => s.Image).ToHashSet();
        return leftOut && named.Count > 0 ? product with { Train = [.. product.Train.Where((_, i) => !named.Contains(i))] } : product;
    }
}
