using System.Collections.Concurrent;
using StructCore.Edge.Cameras;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Fakes;

/// <summary>A camera that shows what the test put before it.</summary>
internal sealed class FakeCamera(string id, TimeProvider time) : ICamera
{
    private readonly ConcurrentQueue<Task<GrabResult>> _next = new();
    private int _frames;

    public string Id => id;

    public string? Failure { get; set; }

    public CameraCounters Counters => new(_frames, 0, 0);

    /// <summary>Why it cannot be opened; null: it can.</summary>
    public string? OpenFailure { get; set; }

    public int Grabs => _frames;

    /// <summary>Ends once a grab has begun.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

    /// <summary>What the next grab gives; a good cap where nothing was said.</summary>
    public void Show(GrabResult result) => _next.Enqueue(Task.FromResult(result));

    public void Show(Task<GrabResult> result) => _next.Enqueue(result);

    /// <summary>A frame whose first pixel says which product it is and how far it is from normal.</summary>
    public GrabResult Part(byte product, byte deviation) =>
        GrabResult.Of(new Frame($"{id}-{Interlocked.Increment(ref _frames)}", new RgbImage(1, 1, [product, deviation, 0]), time.GetUtcNow(), time.GetTimestamp()));

    public Task OpenAsync(CancellationToken cancellationToken) =>
        OpenFailure is { } reason ? throw new CameraException(reason) : Task.CompletedTask;

    public Task<GrabResult> GrabAsync(CancellationToken cancellationToken)
    {
        Begun.Release();
        return _next.TryDequeue(out var result) ? result : Task.FromResult(Part(FakeExtractor.Cap, 0));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
