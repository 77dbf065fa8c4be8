using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Edge.Benchmarking;

/// <summary>The whole way to a score as a station goes it, and decoding, which comes before it.</summary>
internal sealed class WholeStages(ImageScorer scorer, BankSet banks, BenchFrames frames, IImageCodec codec, CancellationToken cancellationToken)
{
    /// <summary>The last is the longest way that can be gone here.</summary>
    public IReadOnlyList<BenchStage> All => frames.Files.Count == 0
        ? [new(BenchStage.Score, Score)]
        : [new(BenchStage.Decode, DecodeAll), new(BenchStage.Score, Score), new(BenchStage.Whole, Whole)];

    private void Score(int[] turns) => Score(Array.ConvertAll(turns, i => new ImageToScore(frames.Images[i], banks)));

    private void Whole(int[] turns)
    {
        var images = Array.ConvertAll(turns, i => new ImageToScore(Decode(i), banks));
        Score(images);
        foreach (var image in images)
        {
            image.Frame.Dispose();
        }
    }

    private void DecodeAll(int[] turns)
    {
        foreach (var turn in turns)
        {
            Decode(turn).Dispose();
        }
    }

    private RgbImage Decode(int turn) => codec.Decode(frames.Files[turn], frames.Description);

    private void Score(ImageToScore[] images) => scorer.Score(images, cancellationToken);
}
