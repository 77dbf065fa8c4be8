using Microsoft.ML.OnnxRuntime;

namespace StructCore.Vision.Features;

/// <summary>Sessions of ONNX Runtime with errors that say what to do.</summary>
internal static class OnnxSession
{
    /// <exception cref="InvalidBackboneException">ONNX Runtime refuses the file.</exception>
    /// <exception cref="ExecutionProviderException">The provider is not there or does not start.</exception>
    public static InferenceSession Open(string path, ExtractorOptions options)
    {
        // Every error comes back as an exception; ONNX Runtime would print it on standard error as well.
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        using var session = new SessionOptions { IntraOpNumThreads = options.Threads, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        AppendProvider(session, options);
        try
        {
            return new InferenceSession(path, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidBackboneException($"ONNX Runtime does not load '{path}': {e.Message} Export or import it again.", e);
        }
    }

    private static void AppendProvider(SessionOptions session, ExtractorOptions options)
    {
        if (options.Provider == ExecutionProvider.Cpu)
        {
            return;
        }

        var available = OrtEnv.Instance().GetAvailableProviders();
        var wanted = options.Provider == ExecutionProvider.Cuda ? "CUDAExecutionProvider" : "TensorrtExecutionProvider";
        if (!available.Contains(wanted))
        {
            throw Missing(options, $"this ONNX Runtime has {string.Join(", ", available)}");
        }

        try
        {
            if (options.Provider == ExecutionProvider.TensorRt)
            {
                session.AppendExecutionProvider_Tensorrt(options.Device);
            }

            session.AppendExecutionProvider_CUDA(options.Device);
        }
        catch (OnnxRuntimeException e)
        {
            throw Missing(options, e.Message, e);
        }
    }

    private static ExecutionProviderException Missing(ExtractorOptions options, string why, Exception? inner = null) =>
        new($"Execution provider '{options.Provider}' on device {options.Device} cannot be used: {why}. Run 'scripts/setup --gpu' on a machine with an NVIDIA GPU and CUDA 13, or choose cpu.", inner);
}
