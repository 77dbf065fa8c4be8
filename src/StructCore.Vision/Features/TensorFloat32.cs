using System.Runtime.InteropServices;

namespace StructCore.Vision.Features;

/// <summary>TensorRT rounds the factors of float32 products unless the environment forbids it; ONNX Runtime has no option for that.</summary>
internal static class TensorFloat32
{
    private const string Variable = "NVIDIA_TF32_OVERRIDE";

    /// <summary>Forbids it for the whole process unless <paramref name="allowed"/>. NVIDIA's libraries look once, when they are loaded; a value someone else set stays.</summary>
    public static void AllowOnlyIf(bool allowed)
    {
        if (!allowed && Environment.GetEnvironmentVariable(Variable) is null && !NativeEnvironment.TrySet(Variable, "0"))
        {
            throw new ExecutionProviderException($"The environment variable {Variable} cannot be set to 0 (error {Marshal.GetLastPInvokeError()}). Set it before the start, or choose precision tf32.");
        }
    }
}
