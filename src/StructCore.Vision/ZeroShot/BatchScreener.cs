using System.Numerics.Tensors;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.ZeroShot;

/// <summary>Scores an unlabelled batch of images by each other (MuSc, SPEC 10): what hardly any other image has is suspect. Needs no good images that someone sorted first. Images are read side by side: an extractor on the processor is best given one thread.</summary>
public sealed class BatchScreener(IImageCodec codec, LayerExtractor extractor, ScreeningOptions options)
{
    /// <summary>Fewest images that can judge each other.</summary>
    public const int MinimumImages = 2;

    /// <summary>Scores images. Time grows with the square of their number, memory by 4·P·share bytes for each pair of them (1 GB for 1,000) besides one block of tokens.</summary>
    /// <param name="images">Files, 2 or more.</param>
    /// <param name="progress">Told after every image read and after every image matched, from several threads.</param>
    /// <param name="cancellationToken">Ends the work between two images or pairs.</param>
    /// <returns>One entry per image, in the order given.</returns>
    /// <exception cref="InvalidImageException">An image cannot be read.</exception>
    /// <exception cref="Features.InvalidBackboneException">The backbone gives values that are not finite.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public IReadOnlyList<ScreenedImage> Screen(IReadOnlyList<string> images, IProgress<ScreeningProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(images.Count, MinimumImages);
        using var spool = new TokenSpool(options.ScratchFolder);
        Extract(images, spool, progress, cancellationToken);
        return Screen(images, spool, progress, cancellationToken);
    }

    /// <summary>The same from tokens that are extracted already.</summary>
    internal IReadOnlyList<ScreenedImage> Screen(IReadOnlyList<string> images, TokenSpool spool, IProgress<ScreeningProgress>? progress, CancellationToken cancellationToken)
    {
        float[][] maps = [.. images.Select(_ => new float[spool.Patches])];
        new MutualScoring(spool, options, progress).Score(Groups(images.Count), maps, cancellationToken);
        var scores = Array.ConvertAll(maps, map => TensorPrimitives.Max<float>(map));
        var refined = ScoreRefinement.Refine(scores, spool.ClassTokens, options.Windows);
        return [.. images.Select((image, i) => new ScreenedImage(image, new PatchScores(spool.GridHeight, spool.GridWidth, maps[i]), scores[i], refined[i]))];
    }

    private void Extract(IReadOnlyList<string> images, TokenSpool spool, IProgress<ScreeningProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var tokens in ManyImages.Select(images, Tokens, cancellationToken))
        {
            spool.Add(tokens, images[spool.Images]);
            progress?.Report(new ScreeningProgress("tokens", spool.Images, images.Count));
        }

        LayerTokens Tokens(string path)
        {
            using var frame = codec.Load(path);
            return extractor.Extract(frame, options.Frame);
        }
    }

    /// <summary>Dealt out in turn, so that what stands side by side in a folder, such as one kind of defect, is spread over all groups.</summary>
    private int[][] Groups(int images)
    {
        var most = Math.Max(MinimumImages, options.GroupSize ?? images);
        var groups = Math.Min((images + most - 1) / most, images / MinimumImages);
        return [.. Enumerable.Range(0, groups).Select(g => Enumerable.Range(0, images).Where(i => i % groups == g).ToArray())];
    }
}
