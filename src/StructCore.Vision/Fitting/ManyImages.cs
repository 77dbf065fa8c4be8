namespace StructCore.Vision.Fitting;

/// <summary>
/// Work on many images, several side by side, each on one core from file to result: while one waits for its file or is decoded the others keep
/// the cores busy, and nobody waits for another as threads on one image do.
/// </summary>
internal static class ManyImages
{
    // A ViT-B/14 of 392 pixels with its decoded frame, and room.
    private const long BytesPerImage = 256L << 20;

    /// <summary>Images worked on at a time: one per core, fewer where a quarter of the memory holds no more.</summary>
    public static int AtOnce => (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / BytesPerImage, 1, Environment.ProcessorCount);

    /// <summary>The results in the order of <paramref name="items"/>; no more than <see cref="AtOnce"/> are begun ahead of the one that is waited for.</summary>
    /// <param name="items">What to work on.</param>
    /// <param name="work">Called on several threads.</param>
    /// <param name="cancellationToken">Looked at before every result.</param>
    public static IEnumerable<TResult> Select<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, TResult> work, CancellationToken cancellationToken)
    {
        var (running, most) = (new Queue<Task<TResult>>(), AtOnce);
        try
        {
            foreach (var item in items)
            {
                running.Enqueue(Task.Run(() => work(item), cancellationToken));
                if (running.Count > most)
                {
                    yield return Next();
                }
            }

            while (running.Count > 0)
            {
                yield return Next();
            }
        }
        finally
        {
            // Whoever stops midway leaves no thread behind that still works; what it failed with does not matter any more.
            foreach (var task in running)
            {
                Task.WaitAny([task], CancellationToken.None);
            }
        }

        TResult Next()
        {
            cancellationToken.ThrowIfCancellationRequested();
            return running.Dequeue().GetAwaiter().GetResult();
        }
    }
}
