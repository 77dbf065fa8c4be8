using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.Features;

/// <summary>A frozen backbone in ONNX Runtime: frame to patch features, preprocess to projection.</summary>
/// <remarks>Thread-safe: calls share one session. All buffers come from a pool; the features are written by ONNX Runtime into those that are returned, which the caller disposes of.</remarks>
public sealed class OnnxFeatureExtractor : IFeatureExtractor
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string _path;
    private readonly string[] _input;
    private readonly string[] _output;
    private readonly bool _isHost;
    private readonly Lock _turn = new();

    private OnnxFeatureExtractor(string path, BackboneManifest backbone, InferenceSession session, bool isHost)
    {
        (_path, Backbone, _session, _isHost) = (path, backbone, session, isHost);
        (_input, _output) = ([backbone.Input], [backbone.Output]);
    }

    /// <summary>Version of the ONNX Runtime that is loaded.</summary>
    public static string RuntimeVersion => OrtEnv.Instance().GetVersionString();

    /// <summary>What this ONNX Runtime can run on, by its own names, <c>CPUExecutionProvider</c> and so on.</summary>
    public static IReadOnlyList<string> RuntimeProviders => OrtEnv.Instance().GetAvailableProviders();

    /// <inheritdoc/>
    public BackboneManifest Backbone { get; }

    /// <summary>Loads <paramref name="onnxPath"/> as its sidecar describes it.</summary>
    /// <exception cref="InvalidBackboneException">File or sidecar missing, hash or shapes other than the sidecar says, or ONNX Runtime refuses the file.</exception>
    /// <exception cref="ExecutionProviderException">The provider is not part of this ONNX Runtime or does not start.</exception>
    public static OnnxFeatureExtractor Open(string onnxPath, ExtractorOptions? options = null)
    {
        options ??= new ExtractorOptions();
        var (backbone, session) = BackboneSession.Open(onnxPath, options);
        return new OnnxFeatureExtractor(onnxPath, backbone, session, options.Provider == ExecutionProvider.Cpu);
    }

    /// <inheritdoc/>
    public PatchFeatures Extract(RgbImage frame, FrameMode mode, CancellationToken cancellationToken = default)
    {
        var pixels = ArrayPool<float>.Shared.Rent(PixelsPerImage);
        try
        {
            ImagePreprocessor.ToTensor(frame, mode, Backbone.Resize, Backbone.Crop, Backbone.Mean, Backbone.Std, pixels.AsSpan(0, PixelsPerImage));
            return ExtractNormalised(pixels.AsMemory(0, PixelsPerImage), cancellationToken);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pixels);
        }
    }

    /// <summary>Features of one image that is preprocessed already.</summary>
    /// <param name="pixels">[3, crop, crop], normalised; read only.</param>
    /// <param name="cancellationToken">Gives the run up between two nodes of the graph.</param>
    /// <exception cref="ArgumentException">Not 3·crop·crop values.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public PatchFeatures ExtractNormalised(Memory<float> pixels, CancellationToken cancellationToken = default)
    {
        using var input = InputOf(pixels, 1);
        var features = PatchFeatures.Rent(1, Backbone.Grid, Backbone.Grid, Backbone.Width, out var values)[0];
        using var output = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, [1, Backbone.Grid * Backbone.Grid, Backbone.Width]);

        // Options of its own: what is set there ends every run that uses them.
        using var run = new RunOptions();
        using var giveUp = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            RunInTurn(run, input, output);
        }
        catch (OnnxRuntimeException e) when (cancellationToken.IsCancellationRequested)
        {
            features.Dispose();
            throw new OperationCanceledException("The inference was given up.", e, cancellationToken);
        }

        return features;
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

    /// <summary>On a GPU one image after the other: side by side they would only take its memory several times.</summary>
    private void RunInTurn(RunOptions run, OrtValue input, OrtValue output)
    {
        if (_isHost)
        {
            _session.Run(run, _input, [input], _output, [output]);
            return;
        }

        lock (_turn)
        {
            _session.Run(run, _input, [input], _output, [output]);
        }
    }

    private int PixelsPerImage => RgbImage.Channels * Backbone.Crop * Backbone.Crop;

    private OrtValue InputOf(Memory<float> pixels, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (pixels.Length != (long)count * PixelsPerImage)
        {
            throw new ArgumentException($"{count} images for backbone '{Backbone.Name}' need {(long)count * PixelsPerImage} values, [{count}, 3, {Backbone.Crop}, {Backbone.Crop}], got {pixels.Length}.", nameof(pixels));
        }

        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, [count, RgbImage.Channels, Backbone.Crop, Backbone.Crop]);
    }
}
