using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace StructCore.Vision.Features;

/// <summary>ONNX Runtime's environment, silent to the outside. Whatever opens a session goes through here first.</summary>
/// <remarks>
/// Its library for Linux reports its use to its maker unless it is told not to before it starts: it reads the machine's id and the command line, keeps a
/// database in the user's cache and a log in the temporary folder, and a command line of 30,000 characters overflows its stack.
/// </remarks>
internal static class OnnxEnvironment
{
    private const string NoTelemetry = "ORT_DISABLE_TELEMETRY";

    public static OrtEnv Instance { get; } = Create();

    private static OrtEnv Create()
    {
        if (!NativeEnvironment.TrySet(NoTelemetry, "1"))
        {
            throw new ExecutionProviderException($"The environment variable {NoTelemetry} cannot be set to 1 (error {Marshal.GetLastPInvokeError()}). Set it before the start.");
        }

        var environment = OrtEnv.Instance();
        environment.DisableTelemetryEvents();

        // Every error comes back as an exception; ONNX Runtime would print it on standard error as well.
        environment.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        return environment;
    }
}
