using System.Numerics.Tensors;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>
/// Adds images that were rejected and confirmed as good to a bank, and takes them back. An image brings the patches its reject hangs on, the highest
/// scores first, no more than it takes to be accepted: every further row costs some sight of defects. They are chosen against the fitted rows alone, so
/// that teachings do not depend on each other: without one, in whatever order they came, the bank is what it were had that one never been.
/// What is taught becomes ordinary, not invisible: its rows count as farther away than they are (<see cref="MemoryBank.Floor"/>), so that a patch must
/// be much like one for it to tell, and what it brings down stays where a good image's oddest patches are.
/// </summary>
/// <remarks>
/// Routing and calibration stay. Rows only bring distances to patches down, though not strictly the structure of the map; the scores of taught images,
/// chosen for being the highest, would raise the threshold for everything.
/// </remarks>
public static class BankTeacher
{
    // Of a good image's tail, mu's second entry. More spares more defects and helps fewer good parts; at 1 hardly any.
    private const float FloorShare = 0.5f;

    /// <summary>Teaches one image.</summary>
    /// <param name="bank">A bank that rejects it.</param>
    /// <param name="features">Its patches z, [P, width], from the bank's backbone in the bank's frame mode.</param>
    /// <param name="image">What goes on record; index, rows and floor are filled in.</param>
    /// <exception cref="TeachingException">Taught already, accepted already, or a reject whatever patches of it are added.</exception>
    /// <exception cref="ArgumentException">The features are of another width.</exception>
    public static Teaching Teach(ProductBank bank, PatchFeatures features, TaughtImage image)
    {
        ArgumentNullException.ThrowIfNull(bank);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(image);
        var (manifest, memory, taught) = (bank.Manifest, bank.Memory, bank.Manifest.Taught ?? []);
        if (taught.FirstOrDefault(t => t.Sha256 == image.Sha256) is { } known)
        {
            throw new TeachingException($"'{image.File}' was taught to bank '{manifest.Id}' at {known.TaughtAt:u} already, confirmed by {known.ConfirmedBy}.");
        }

        var before = bank.Score(features);
        if (!before.Rejected)
        {
            throw new TeachingException(FormattableString.Invariant($"Bank '{manifest.Id}' accepts '{image.File}' already: score {before.Score.Hybrid:G5}, threshold {bank.Calibration.Threshold:G5}. Only what it rejects can be taught."));
        }

        // As all rows of a bank are kept: rounded to float16.
        var patches = Rounded(features);
        var fitted = memory.Keep(image => taught.All(t => t.Image != image));
        var floor = FloorShare * bank.Calibration.Mean.Tail;
        var chosen = new LessonRows(bank, fitted, features, patches, floor).Choose();
        if (chosen.Length == 0)
        {
            throw new TeachingException(FormattableString.Invariant($"Bank '{manifest.Id}' rejects how the patches of '{image.File}' lie together: score {before.Score.Hybrid:G5}, threshold {bank.Calibration.Threshold:G5}, and no rows of its own change that. Calibrate the bank anew with images like it, or fit it again with them."));
        }

        var index = 1 + taught.Select(t => t.Image).Append(manifest.TrainImages - 1).Max();
        float[] rows = [.. chosen.SelectMany(patch => patches.Skip(patch * memory.Width).Take(memory.Width))];
        var after = memory.Keep(_ => true, rows, [.. Enumerable.Repeat(index, chosen.Length)], floor);
        var entry = image with { Image = index, Rows = chosen.Length, Floor = floor };
        var next = Rebuild(bank, after, [.. taught, entry]);
        return new Teaching(next, entry, before, next.Score(features));
    }

    /// <summary>Takes teachings back, to the last bit: the bank without them, in rows, images, routing and calibration.</summary>
    /// <param name="bank">A taught bank.</param>
    /// <param name="images">Entries of its manifest.</param>
    /// <exception cref="TeachingException">One of them is not the bank's.</exception>
    public static ProductBank Unteach(ProductBank bank, IReadOnlyCollection<TaughtImage> images)
    {
        ArgumentNullException.ThrowIfNull(bank);
        ArgumentNullException.ThrowIfNull(images);
        var (memory, taught) = (bank.Memory, bank.Manifest.Taught ?? []);
        if (images.FirstOrDefault(i => !taught.Contains(i)) is { } stranger)
        {
            throw new TeachingException($"'{stranger.File}' (sha256 {stranger.Sha256}) was not taught to bank '{bank.Manifest.Id}'.");
        }

        var gone = images.Select(i => i.Image).ToHashSet();
        return Rebuild(bank, memory.Keep(image => !gone.Contains(image)), [.. taught.Where(t => !gone.Contains(t.Image))]);
    }

    private static ProductBank Rebuild(ProductBank bank, MemoryBank memory, IReadOnlyList<TaughtImage> taught)
    {
        var origin = bank.Manifest.Edition is null && bank.Sha256.Length > 0 ? bank.Sha256 : bank.Manifest.Origin;
        return new(bank.Manifest with { Rows = memory.Rows, Taught = taught.Count == 0 ? null : taught, Origin = origin, Entries = [] }, memory, bank.Routing, "");
    }

    private static float[] Rounded(PatchFeatures features)
    {
        var halves = new Half[features.Values.Length];
        var values = new float[halves.Length];
        TensorPrimitives.ConvertToHalf(features.Values, halves);
        TensorPrimitives.ConvertToSingle(halves, values);
        return values;
    }
}
