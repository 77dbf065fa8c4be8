namespace StructCore.Vision.ZeroShot;

/// <summary>Of one image, for every patch the smallest of the squared distances seen so far: a heap per patch, its largest on top. Whatever order they come in, the same are kept.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class NearestDistances(int patches, int keep)
{
    private readonly float[] _heaps = new float[patches * keep];
    private int _count;

    /// <summary>One squared distance per patch, [patches].</summary>
    public void Add(ReadOnlySpan<float> squared)
    {
        for (var patch = 0; patch < patches; patch++)
        {
            var heap = _heaps.AsSpan(patch * keep, keep);
            if (_count < keep)
            {
                Push(heap, _count, squared[patch]);
            }
            else if (squared[patch] < heap[0])
            {
                ReplaceTop(heap, squared[patch]);
            }
        }

        _count = Math.Min(_count + 1, keep);
    }

    /// <summary>Adds <paramref name="weight"/> times the mean of the kept distances, not squared, to each patch's entry of <paramref name="scores"/>.</summary>
    public void AddMeans(float weight, Span<float> scores)
    {
        for (var patch = 0; patch < patches; patch++)
        {
            // Sorted, so that the sum does not depend on the order in which threads came.
            var kept = _heaps.AsSpan(patch * keep, _count);
            kept.Sort();
            var sum = 0.0;
            foreach (var squared in kept)
            {
                sum += Math.Sqrt(squared);
            }

            scores[patch] += (float)(weight * sum / _count);
        }
    }

    private static void Push(Span<float> heap, int at, float value)
    {
        for (; at > 0 && heap[(at - 1) / 2] < value; at = (at - 1) / 2)
        {
            heap[at] = heap[(at - 1) / 2];
        }

        heap[at] = value;
    }

    private static void ReplaceTop(Span<float> heap, float value)
    {
        var at = 0;
        for (var child = 1; child < heap.Length; child = (2 * at) + 1)
        {
            if (child + 1 < heap.Length && heap[child + 1] > heap[child])
            {
                child++;
            }

            if (heap[child] <= value)
            {
                break;
            }

            heap[at] = heap[child];
            at = child;
        }

        heap[at] = value;
    }
}
