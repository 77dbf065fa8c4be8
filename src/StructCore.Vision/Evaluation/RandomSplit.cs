using StructCore.Vision.Features;

namespace StructCore.Vision.Evaluation;

/// <summary>Images parted by chance, so that those that were fitted from and those that were not are exchangeable.</summary>
/// <param name="Fitted">Indices of the images to fit from, ascending.</param>
/// <param name="Unseen">The others, ascending.</param>
internal sealed record RandomSplit(int[] Fitted, int[] Unseen)
{
    /// <summary>
    /// Splits that leave every image unseen as often as any other, give or take once: the unseen are dealt like cards, and all are dealt before they
    /// are shuffled again. Every choice is as likely in each split; together they say more than splits drawn one by one, of which some would keep
    /// the odd images among the unseen by chance.
    /// </summary>
    /// <param name="images">N, the images to part.</param>
    /// <param name="fitted">How many to fit from, 1 to N - 1.</param>
    /// <param name="splits">How many times.</param>
    /// <param name="seed">The same splits for the same seed.</param>
    public static IReadOnlyList<RandomSplit> Deal(int images, int fitted, int splits, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fitted);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fitted, images);
        var random = new SplitMix64(seed);
        var all = Enumerable.Range(0, images).ToArray();
        int[] deck = [];
        return [.. Enumerable.Range(0, splits).Select(_ => Next())];

        RandomSplit Next()
        {
            var hand = deck.Take(images - fitted).ToArray();
            deck = deck[hand.Length..];
            if (hand.Length < images - fitted)
            {
                var more = Shuffled(all.Except(hand)).Take(images - fitted - hand.Length).ToArray();
                (hand, deck) = ([.. hand, .. more], Shuffled(all.Except(more)));
            }

            return new RandomSplit([.. all.Except(hand)], [.. hand.Order()]);
        }

        int[] Shuffled(IEnumerable<int> cards)
        {
            var order = cards.ToArray();
            for (var i = order.Length - 1; i > 0; i--)
            {
                var other = (int)(random.Next() % (ulong)(i + 1));
                (order[i], order[other]) = (order[other], order[i]);
            }

            return order;
        }
    }
}
