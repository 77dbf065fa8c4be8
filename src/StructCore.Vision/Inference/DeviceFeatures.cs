using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.Inference;

/// <summary>8-bit crops to features that stay on the device: the pixel graph, then the backbone's own model, between tensors whose places never change.</summary>
/// <remarks>Used from one <see cref="DeviceThread"/>; the features of a batch are there until the next one.</remarks>
internal sealed class DeviceFeatures : IDisposable
{
    // Before a graph is captured, ONNX Runtime wants two runs that settle what memory it needs.
    private const int RunsUntilCaptured = 3;

    private readonly DeviceSession _pixelSession;
    private readonly DeviceSession _session;
    private readonly OrtIoBinding _pixelBinding;
    private readonly OrtValue _pixels;
    private readonly OrtValue _features;
    private readonly Batch?[] _batches;
    private readonly bool _captureGraphs;

    /// <exception cref="InvalidBackboneException">As <see cref="BackboneSession"/> says.</exception>
    /// <exception cref="ExecutionProviderException">The provider does not start.</exception>
    public DeviceFeatures(string onnxPath, DeviceOptions options)
    {
        _captureGraphs = options.CaptureGraphs && options.Extractor.Provider != ExecutionProvider.Cpu;
        (Backbone, var session) = BackboneSession.Open(onnxPath, options.Extractor, options.LargestBatch, _captureGraphs);
        (_session, _batches) = (new DeviceSession(session, options.Extractor), new Batch?[options.LargestBatch]);
        _pixelSession = DeviceSession.Open(PixelGraph.Build(Backbone), options.Extractor);
        _pixelBinding = _pixelSession.Bind();
        _pixels = _session.Allocate(PixelShape(options.LargestBatch));
        _features = _session.Allocate(FeatureShape(options.LargestBatch));
    }

    public BackboneManifest Backbone { get; }

    /// <summary>Bytes of one crop.</summary>
    public int CropBytes => Backbone.Crop * Backbone.Crop * RgbImage.Channels;

    /// <summary>Runs every batch size as often as it takes until nothing more is chosen, built or captured.</summary>
    public void WarmUp()
    {
        var blank = new byte[_batches.Length * CropBytes];
        for (var count = 1; count <= _batches.Length; count++)
        {
            for (var run = 0; run < (_captureGraphs ? RunsUntilCaptured : 1); run++)
            {
                Extract(blank.AsMemory(0, count * CropBytes), count, CancellationToken.None);
            }
        }
    }

    /// <param name="crops">[count, crop, crop, 3].</param>
    /// <param name="count">1 to the largest batch.</param>
    /// <param name="cancellationToken">Gives up between two nodes.</param>
    /// <returns>z, [count, P, D], on the device; not the caller's to dispose.</returns>
    public OrtValue Extract(Memory<byte> crops, int count, CancellationToken cancellationToken)
    {
        var batch = _batches[count - 1] ??= new Batch(this, count);
        using (var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, crops, [count, Backbone.Crop, Backbone.Crop, RgbImage.Channels]))
        {
            _pixelBinding.BindInput(PixelGraph.Crops, input);
            _pixelBinding.BindOutput(PixelGraph.Pixels, batch.Pixels);
            _pixelSession.Run(_pixelBinding, cancellationToken: cancellationToken);
        }

        _session.Run(batch.Binding, _captureGraphs ? count : 0, cancellationToken);
        return batch.Features;
    }

    public void Dispose()
    {
        foreach (var batch in _batches)
        {
            batch?.Dispose();
        }

        _pixelBinding.Dispose();
        _pixels.Dispose();
        _features.Dispose();
        _pixelSession.Dispose();
        _session.Dispose();
    }

    private long[] PixelShape(int count) => [count, RgbImage.Channels, Backbone.Crop, Backbone.Crop];

    private long[] FeatureShape(int count) => [count, Backbone.Grid * Backbone.Grid, Backbone.Width];

    /// <summary>The backbone's binding for one batch size: a captured graph needs the same places again.</summary>
    private sealed class Batch : IDisposable
    {
        public Batch(DeviceFeatures owner, int count)
        {
            Pixels = owner._session.View(owner._pixels, owner.PixelShape(count));
            Features = owner._session.View(owner._features, owner.FeatureShape(count));
            Binding = owner._session.Bind();
            Binding.BindInput(owner.Backbone.Input, Pixels);
            Binding.BindOutput(owner.Backbone.Output, Features);
        }

        public OrtIoBinding Binding { get; }

        public OrtValue Pixels { get; }

        public OrtValue Features { get; }

        public void Dispose()
        {
            Binding.Dispose();
            Pixels.Dispose();
            Features.Dispose();
        }
    }
}
