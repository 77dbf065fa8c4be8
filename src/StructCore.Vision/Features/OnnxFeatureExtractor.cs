using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.Features;

/// <summary>A frozen backbone in ONNX Runtime: frame to patch features, preprocess to projection.</summary>
/// <remarks>Thread-safe: calls share one session. All buffers come from a pool; the features are written by ONNX Runtime into those that are returned, which the caller disposes of.</remarks>
public sealed class OnnxFeatureExtractor : IFeatureExtractor
{
    private const int DeviceBatch = 16;

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string _path;
    private readonly string[] _input;
    private readonly string[] _output;
    private readonly SharedPasses? _passes;
    private readonly int _threads;

    private OnnxFeatureExtractor(string path, BackboneManifest backbone, InferenceSession session, int batch, int threads)
    {
        (_path, Backbone, _session, _threads) = (path, backbone, session, threads);
        (_input, _output) = ([backbone.Input], [backbone.Output]);
        _passes = batch == 1 ? null : new SharedPasses(batch, Pass);
    }

    /// <summary>Version of the ONNX Runtime that is loaded.</summary>
    public static string RuntimeVersion => OnnxEnvironment.Instance.GetVersionString();

    /// <summary>What this ONNX Runtime can run on, by its own names, <c>CPUExecutionProvider</c> and so on.</summary>
    public static IReadOnlyList<string> RuntimeProviders => OnnxEnvironment.Instance.GetAvailableProviders();

    /// <inheritdoc/>
    public BackboneManifest Backbone { get; }

    /// <summary>Loads <paramref name="onnxPath"/> as its sidecar describes it.</summary>
    /// <exception cref="InvalidBackboneException">File or sidecar missing, hash or shapes other than the sidecar says, or ONNX Runtime refuses the file.</exception>
    /// <exception cref="ExecutionProviderException">The provider is not part of this ONNX Runtime or does not start.</exception>
    public static OnnxFeatureExtractor Open(string onnxPath, ExtractorOptions? options = null)
    {
        options ??= new ExtractorOptions();
        return Open(onnxPath, options, options.Provider == ExecutionProvider.Cpu ? 1 : DeviceBatch);
    }

    /// <param name="onnxPath">The backbone.</param>
    /// <param name="options">What runs it and how.</param>
    /// <param name="batch">Images of callers from several threads that go through the backbone together; 1: each runs by itself, side by side with the others.</param>
    internal static OnnxFeatureExtractor Open(string onnxPath, ExtractorOptions options, int batch)
    {
        var (backbone, session) = BackboneSession.Open(onnxPath, options, batch == 1 ? null : batch);
        return new OnnxFeatureExtractor(onnxPath, backbone, session, batch, options.Threads == 0 ? ComputeThreads.Count : options.Threads);
    }

    /// <inheritdoc/>
    public PatchFeatures Extract(RgbImage frame, FrameMode mode, CancellationToken cancellationToken = default)
    {
        var pixels = ArrayPool<float>.Shared.Rent(PixelsPerImage);
        try
        {
            ImagePreprocessor.ToTensor(frame, mode, Backbone.Resize, Backbone.Crop, Backbone.Mean, Backbone.Std, pixels.AsMemory(0, PixelsPerImage), _threads);
            return ExtractNormalised(pixels.AsMemory(0, PixelsPerImage), cancellationToken);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pixels);
        }
    }

    /// <summary>Features of one image that is preprocessed already.</summary>
    /// <param name="pixels">[3, crop, crop], normalised; read only.</param>
    /// <param name="cancellationToken">Gives the run up between two nodes of the graph, on a GPU before it begins: others may share it.</param>
    /// <exception cref="ArgumentException">Not 3·crop·crop values.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public PatchFeatures ExtractNormalised(Memory<float> pixels, CancellationToken cancellationToken = default)
    {
        RequireLength(pixels, 1);
        if (_passes is null)
        {
            return Pass(pixels, 1, cancellationToken)[0];
        }

        cancellationToken.ThrowIfCancellationRequested();
        return _passes.Run(pixels);
    }

    /// <summary>Any output of the graph for a batch that is preprocessed already, such as the class tokens.</summary>
    /// <param name="pixels">[count, 3, crop, crop], normalised; read only.</param>
    /// <param name="count">Images in the batch, 1 or more.</param>
    /// <param name="output">Name of the output.</param>
    /// <returns>The output's values, row-major, first dimension the batch.</returns>
    /// <exception cref="ArgumentException">Not count·3·crop·crop values, or there is no such output.</exception>
    public float[] Run(Memory<float> pixels, int count, string output)
    {
        if (!_session.OutputMetadata.ContainsKey(output))
        {
            throw new ArgumentException($"Backbone '{_path}' has no output '{output}'; it has {string.Join(", ", _session.OutputNames)}.", nameof(output));
        }

        using var input = InputOf(pixels, count);
        using var results = _session.Run(_run, _input, [input], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Frees the session.</summary>
    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private PatchFeatures[] Pass(IReadOnlyList<ReadOnlyMemory<float>> images)
    {
        var length = images.Count * PixelsPerImage;
        var all = ArrayPool<float>.Shared.Rent(length);
        try
        {
            for (var i = 0; i < images.Count; i++)
            {
                images[i].Span.CopyTo(all.AsSpan(i * PixelsPerImage));
            }

            return Pass(all.AsMemory(0, length), images.Count, CancellationToken.None);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(all);
        }
    }

    private PatchFeatures[] Pass(Memory<float> pixels, int count, CancellationToken cancellationToken)
    {
        using var input = InputOf(pixels, count);
        var features = PatchFeatures.Rent(count, Backbone.Grid, Backbone.Grid, Backbone.Width, out var values);
        using var output = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, [count, Backbone.Grid * Backbone.Grid, Backbone.Width]);

        // Options of its own: what is set there ends every run that uses them.
        using var run = new RunOptions();
        using var giveUp = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            _session.Run(run, _input, [input], _output, [output]);
        }
        catch (OnnxRuntimeException e) when (cancellationToken.IsCancellationRequested)
        {
            Array.ForEach(features, f => f.Dispose());
            throw new OperationCanceledException("The inference was given up.", e, cancellationToken);
        }

        return features;
    }

    private int PixelsPerImage => RgbImage.Channels * Backbone.Crop * Backbone.Crop;

    private OrtValue InputOf(Memory<float> pixels, int count)
    {
        RequireLength(pixels, count);
        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, [count, RgbImage.Channels, Backbone.Crop, Backbone.Crop]);
    }

    private void RequireLength(Memory<float> pixels, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (pixels.Length != (long)count * PixelsPerImage)
        {
            throw new ArgumentException($"{count} images for backbone '{Backbone.Name}' need {(long)count * PixelsPerImage} values, [{count}, 3, {Backbone.Crop}, {Backbone.Crop}], got {pixels.Length}.", nameof(pixels));
        }
    }
}
