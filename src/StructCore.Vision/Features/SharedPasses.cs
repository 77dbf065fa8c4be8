namespace StructCore.Vision.Features;

/// <summary>Lets callers from several threads share the passes of a device: what waits while one pass runs goes through the next one together.</summary>
/// <param name="most">Images of a pass, 1 or more.</param>
/// <param name="run">One pass: normalised pixels of some images to their features, in the same order. Never called twice at a time.</param>
internal sealed class SharedPasses(int most, Func<IReadOnlyList<ReadOnlyMemory<float>>, IReadOnlyList<PatchFeatures>> run)
{
    private readonly Lock _turn = new();
    private readonly Lock _gate = new();
    private readonly Queue<Image> _waiting = new();

    /// <summary>Images that no pass has taken yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>The features of one image; whatever a pass fails with, all its callers get.</summary>
    public PatchFeatures Run(ReadOnlyMemory<float> pixels)
    {
        var own = new Image(pixels);
        lock (_gate)
        {
            _waiting.Enqueue(own);
        }

        lock (_turn)
        {
            // Often somebody who had the turn before has taken it along.
            while (!own.IsDone)
            {
                Pass();
            }
        }

        return own.Features;
    }

    private void Pass()
    {
        var some = new List<Image>(most);
        lock (_gate)
        {
            while (some.Count < most && _waiting.TryDequeue(out var next))
            {
                some.Add(next);
            }
        }

        try
        {
            var features = run([.. some.Select(i => i.Pixels)]);
            for (var i = 0; i < some.Count; i++)
            {
                some[i].Finish(features[i]);
            }
        }
        catch (Exception e)
        {
            foreach (var image in some)
            {
                image.Fail(e);
            }
        }
    }

    private sealed class Image(ReadOnlyMemory<float> pixels)
    {
        private readonly TaskCompletionSource<PatchFeatures> _done = new();

        public ReadOnlyMemory<float> Pixels => pixels;

        public bool IsDone => _done.Task.IsCompleted;

        /// <summary>Throws what the pass failed with.</summary>
        public PatchFeatures Features => _done.Task.GetAwaiter().GetResult();

        public void Finish(PatchFeatures features) => _done.SetResult(features);

        public void Fail(Exception error) => _done.SetException(error);
    }
}
