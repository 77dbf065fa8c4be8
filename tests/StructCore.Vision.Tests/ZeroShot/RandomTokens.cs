using StructCore.Vision.Features;
using StructCore.Vision.ZeroShot;

namespace StructCore.Tests.ZeroShot;

/// <summary>Batches of random tokens.</summary>
internal static class RandomTokens
{
    public static LayerTokens[] Batch(int images, int height, int width, int seed, params int[] channels)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, images).Select(_ => new LayerTokens([.. channels.Select(c => new PatchFeatures(height, width, c, Values(height * width * c)))], Values(6)))];

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 4) - 1)];
    }

    public static TokenSpool Spooled(IEnumerable<LayerTokens> batch, string? folder = null)
    {
        var spool = new TokenSpool(folder);
        foreach (var tokens in batch)
        {
            spool.Add(tokens, "image");
        }

        return spool;
    }
}
