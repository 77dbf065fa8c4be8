using StructCore.Vision.Onnx;

namespace StructCore.Vision.Features;

/// <summary>What is made from a model once for each machine and kept: named after the model's digest, so that another model never finds it.</summary>
internal static class ModelCache
{
    /// <summary>A name for everything that depends on model, precision and version of ONNX Runtime.</summary>
    public static string NameOf(string path, Precision precision) =>
        $"{Path.GetFileNameWithoutExtension(path)}-{OnnxModelFile.Hash(path)[..16]}-{precision.ToString().ToLowerInvariant()}-ort{OnnxEnvironment.Instance.GetVersionString()}";

    /// <summary>The float16 twin of a model in <paramref name="folder"/>, written where it is missing.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static string HalfModel(string path, string folder)
    {
        var half = Path.Combine(folder, $"{NameOf(path, Precision.Fp16)}-{HalfPrecision.Version}.onnx");
        if (!File.Exists(half))
        {
            OnnxModelFile.Write(HalfPrecision.Convert(OnnxModelFile.Read(path)), half);
        }

        return half;
    }
}
