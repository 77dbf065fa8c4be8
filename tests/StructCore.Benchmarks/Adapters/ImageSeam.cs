using StructCore.Edge;
using StructCore.Edge.Benchmarking;
using StructCore.Edge.Cameras;
using StructCore.Edge.Native;
using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Adapters;

/// <summary>Encoded bytes to pixels and back, and frames of a video file. Every set is given the same bytes.</summary>
internal static class ImageSeam
{
    private const string Codec = "IImageCodec";
    private const int Side = 1024;

    public static async Task<IReadOnlyList<SeamRow>> MeasureAsync(AdapterSet adapters, IReadOnlyList<string> folders, CallTimer timer, string folder, CancellationToken stopping)
    {
        var (codec, native) = (adapters.ImageCodec, new NativeAdapterSet().ImageCodec);
        var parts = BenchFrames.Generate(Side, native);
        byte[][] jpegs = [.. parts.Images.Select(i => native.EncodeJpeg(i))];
        List<SeamRow> rows =
        [
            Decode($"PNG of {Side} x {Side} to pixels", parts.Files),
            Decode($"JPEG of {Side} x {Side} to pixels", jpegs),
            SeamRow.Of(Codec, timer.Measure($"pixels to PNG of {Side} x {Side}", 1, call => codec.EncodePng(parts.Images[call % parts.Images.Count], Stream.Null), stopping)),
            SeamRow.Of(Codec, timer.Measure($"pixels to JPEG of {Side} x {Side}", 1, call => codec.EncodeJpeg(parts.Images[call % parts.Images.Count], Stream.Null), stopping)),
            .. folders.Select(f => (Path: f, Frames: BenchFrames.Load(f, native))).Select(f => Decode($"{f.Frames.Files.Count} images of {f.Path} to pixels", f.Frames.Files)),
        ];

        var video = Path.Combine(folder, "parts.mjpeg");
        File.WriteAllBytes(video, [.. jpegs.SelectMany(j => j)]);
        await using var camera = adapters.CreateCamera(new CameraOptions { Id = "video", Kind = "opencv", Source = video, GrabTimeoutMs = 20_000 }, TimeProvider.System);
        await camera.OpenAsync(stopping);
        rows.Add(SeamRow.Of("ICamera", timer.Measure($"a frame of a Motion JPEG file of {Side} x {Side}", 1, _ =>
        {
            using var frame = camera.GrabAsync(stopping).GetAwaiter().GetResult().Frame?.Image ?? throw new InvalidOperationException(camera.Failure ?? "The video gave no frame.");
        }, stopping)));
        return rows;

        SeamRow Decode(string work, IReadOnlyList<byte[]> files) =>
            SeamRow.Of(Codec, timer.Measure(work, 1, call => codec.Decode(files[call % files.Count], work).Dispose(), stopping));
    }
}
