using StructCore.Vision.Features;

namespace StructCore.Vision.Evaluation;

/// <summary>Images parted by chance, so that those that were fitted from and those that were not are exchangeable.</summary>
/// <param name="Fitted">Indices of the images to fit from, ascending.</param>
/// <param name="Unseen">The others, ascending.</param>
internal sealed record RandomSplit(int[] Fitted, int[] Unseen)
{
    /// <summary>Every choice of <paramref name="fitted"/> of the <paramref name="images"/> is as likely; the same for the same seed.</summary>
    public static RandomSplit Of(int images, int fitted, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fitted, images);
        var order = Enumerable.Range(0, images).ToArray();
        var random = new SplitMix64(seed);
        for (var i = images - 1; i > 0; i--)
        {
            var other = (int)(random.Next() % (ulong)(i + 1));
            (order[i], order[other]) = (order[other], order[i]);
        }

        return new RandomSplit([.. order.Take(fitted).Order()], [.. order.Skip(fitted).Order()]);
    }
}
