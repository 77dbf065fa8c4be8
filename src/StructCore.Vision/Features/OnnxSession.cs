using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.Onnx;

namespace StructCore.Vision.Features;

/// <summary>Sessions of ONNX Runtime with errors that say what to do.</summary>
internal static class OnnxSession
{
    /// <summary>Opens a file, in the precision asked for.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">What runs it and how.</param>
    /// <param name="shapes">Smallest and largest shape of the input; see <see cref="ProviderSettings.TensorRt"/>.</param>
    /// <param name="captureGraphs">Whether CUDA graphs are captured.</param>
    /// <exception cref="InvalidBackboneException">ONNX Runtime refuses the file.</exception>
    /// <exception cref="ExecutionProviderException">The provider is not there or does not start.</exception>
    public static InferenceSession Open(string path, ExtractorOptions options, (string Smallest, string Largest)? shapes = null, bool captureGraphs = false)
    {
        using var session = Settings(options.Threads);
        Dictionary<string, string>? tensorRt = null;
        if (options.Provider == ExecutionProvider.TensorRt)
        {
            TensorFloat32.AllowOnlyIf(options.Precision == Precision.Tf32);
            tensorRt = ProviderSettings.TensorRt(options, options.CacheFolder is null ? "" : ModelCache.NameOf(path, options.Precision), shapes, captureGraphs);
        }

        ProviderSettings.Append(session, options, ProviderSettings.Cuda(options, captureGraphs), tensorRt);
        try
        {
            var onHost = options.Provider == ExecutionProvider.Cpu;
            return options.Precision != Precision.Fp16 ? new InferenceSession(path, session)
                : options.CacheFolder is { } folder && !onHost ? new InferenceSession(ModelCache.HalfModel(path, folder), session)
                : new InferenceSession(HalfPrecision.Convert(OnnxModelFile.Read(path), emulate: onHost).ToByteArray(), session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidBackboneException($"ONNX Runtime does not load '{path}': {e.Message} Export or import it again.", e);
        }
    }

    /// <summary>Opens a graph that was built in memory, always in float32; TensorRT leaves these to CUDA.</summary>
    /// <exception cref="ExecutionProviderException">The provider is not there or does not start.</exception>
    public static InferenceSession Open(ModelProto model, ExtractorOptions options)
    {
        using var session = Settings(options.Threads);

        // Their shapes follow banks and batches: a memory plan for each would only pile up.
        session.EnableMemoryPattern = false;
        ProviderSettings.Append(session, options, ProviderSettings.Cuda(options with { Precision = Precision.Fp32 }), null);
        return new InferenceSession(model.ToByteArray(), session);
    }

    private static SessionOptions Settings(int threads)
    {
        _ = OnnxEnvironment.Instance;
        var session = new SessionOptions { IntraOpNumThreads = threads == 0 ? ComputeThreads.Count : threads, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

        // Threads that spin take the cores from the kernels, decoders and stations that come next: half as much processor time again for an image.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return session;
    }
}
