using System.Collections.Concurrent;
using StructCore.Edge.Cameras;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Fakes;

/// <summary>A camera that shows what the test put before it.</summary>
internal sealed class FakeCamera(string id, TimeProvider time) : ICamera
{
    private readonly ConcurrentQueue<Func<Task<GrabResult>>> _next = new();
    private int _frames;

    public string Id => id;

    public string? Failure { get; set; }

    public bool IsLive { get; init; }

    public bool CanProbe { get; init; }

    public CameraCounters Counters => new(_frames, 0, 0);

    /// <summary>Why it cannot be opened; null: it can.</summary>
    public string? OpenFailure { get; set; }

    public int Grabs => _frames;

    /// <summary>Ends once a grab has begun.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

    /// <summary>What the next grab gives; a good cap where nothing was said.</summary>
    public void Show(GrabResult result) => _next.Enqueue(() => Task.FromResult(result));

    public void Show(Task<GrabResult> result) => _next.Enqueue(() => result);

    /// <summary>A frame of one pixel, captured when it is grabbed.</summary>
    public void Show(byte[] pixel) => _next.Enqueue(() => Task.FromResult(Picture(pixel)));

    /// <summary>A frame whose pixel says which product it is and how far it is from normal; its blue is light, and never the same twice in a row.</summary>
    public GrabResult Part(byte product, byte deviation) => Picture([product, deviation, (byte)(64 + (_frames % 128))]);

    public Task OpenAsync(CancellationToken cancellationToken) =>
        OpenFailure is { } reason ? throw new CameraException(reason) : Task.CompletedTask;

    public Task<GrabResult> GrabAsync(CancellationToken cancellationToken)
    {
        Begun.Release();
        return _next.TryDequeue(out var show) ? show() : Task.FromResult(Part(FakeExtractor.Cap, 0));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // From the pool, as of a real one: who reads it after letting go of it is found out.
    private GrabResult Picture(byte[] pixel)
    {
        var image = RgbImage.Rent(1, 1, out var pixels);
        pixel.CopyTo(pixels);
        return GrabResult.Of(new Frame($"{id}-{Interlocked.Increment(ref _frames)}", image, time.GetUtcNow(), time.GetTimestamp()));
    }
}
