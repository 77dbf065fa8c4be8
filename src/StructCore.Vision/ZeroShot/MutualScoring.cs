using StructCore.Vision.Features;

namespace StructCore.Vision.ZeroShot;

/// <summary>
/// MSM (SPEC 10): the patches of a batch of images scored by each other, exact but for ties within float32 rounding. Every
/// pair of images is matched once, for both sides. In memory are the tokens of one block of images and, for each patch, the
/// distances that its mean is taken over; all other tokens come from the spool when their turn is there.
/// </summary>
internal sealed class MutualScoring(TokenSpool spool, ScreeningOptions options, IProgress<ScreeningProgress>? progress = null)
{
    private long _done;
    private long _total;

    /// <summary>Scores of all patches of the images named, over all layers and degrees, into <paramref name="maps"/>, one [patches] per image of the spool.</summary>
    /// <param name="groups">Images that are scored by each other; 2 or more in each.</param>
    /// <param name="maps">Added to.</param>
    /// <param name="cancellationToken">Ends the work between two pairs.</param>
    public void Score(IReadOnlyList<int[]> groups, float[][] maps, CancellationToken cancellationToken)
    {
        _total = spool.Layers * options.Degrees.Count * groups.Sum(g => (long)g.Length * (g.Length - 1) / 2);
        var weight = 1f / (spool.Layers * options.Degrees.Count);
        for (var layer = 0; layer < spool.Layers; layer++)
        {
            foreach (var degree in options.Degrees)
            {
                foreach (var group in groups)
                {
                    Score(group, layer, degree, weight, maps, cancellationToken);
                }
            }
        }
    }

    /// <summary>Adds <paramref name="weight"/> times the scores of one layer and degree.</summary>
    public void Score(int[] images, int layer, int degree, float weight, float[][] maps, CancellationToken cancellationToken)
    {
        var (patches, width) = (spool.Patches, spool.Width(layer));
        var keep = Math.Max(1, (int)(options.Share * (images.Length - 1)));
        NearestDistances[] nearest = [.. images.Select(_ => new NearestDistances(patches, keep))];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : ComputeThreads.Count, CancellationToken = cancellationToken };
        var perImage = (long)patches * width * sizeof(float);
        var block = new ImageTokens[(int)Math.Clamp(options.BlockBytes / perImage, 1, images.Length)];
        for (var begin = 0; begin < images.Length; begin += block.Length)
        {
            var (first, count) = (begin, Math.Min(block.Length, images.Length - begin));
            Parallel.For(0, count, parallel, () => new TokenLoader(spool, layer, degree), (i, _, loader) =>
            {
                block[i] ??= new ImageTokens(patches, width);
                loader.Load(images[first + i], block[i].Values);
                block[i].Measure();
                return loader;
            }, _ => { });
            Parallel.For(first + 1, images.Length, parallel, () => new Matcher(new TokenLoader(spool, layer, degree), new PatchMatcher(patches, width)), (i, _, matcher) =>
            {
                matcher.Loader.Load(images[i], matcher.Pairs.Tokens.Values);
                matcher.Pairs.Pack();
                Match(matcher.Pairs, i, block.AsSpan(0, Math.Min(count, i - first)), first, nearest, cancellationToken);
                return matcher;
            }, _ => { });
        }

        Parallel.For(0, images.Length, parallel, i => nearest[i].AddMeans(weight, maps[images[i]]));
    }

    private void Match(PatchMatcher pairs, int image, ReadOnlySpan<ImageTokens> others, int firstOther, NearestDistances[] nearest, CancellationToken cancellationToken)
    {
        var (fromOther, fromHere) = (new float[spool.Patches], new float[spool.Patches]);
        for (var other = 0; other < others.Length; other++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            pairs.Match(others[other], fromOther, fromHere);
            lock (nearest[firstOther + other])
            {
                nearest[firstOther + other].Add(fromOther);
            }

            lock (nearest[image])
            {
                nearest[image].Add(fromHere);
            }
        }

        progress?.Report(new ScreeningProgress("pairs", Interlocked.Add(ref _done, others.Length), _total));
    }

    private readonly record struct Matcher(TokenLoader Loader, PatchMatcher Pairs);
}
