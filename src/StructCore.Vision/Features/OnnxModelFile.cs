using System.Security.Cryptography;
using Google.Protobuf;
using StructCore.Vision.Onnx;

namespace StructCore.Vision.Features;

/// <summary>ONNX models as files: one file each, weights inside.</summary>
internal static class OnnxModelFile
{
    /// <summary>Protobuf counts a message's bytes in 31 bits.</summary>
    public const long LargestBytes = int.MaxValue;

    /// <exception cref="InvalidBackboneException">Missing, no ONNX file, or one whose weights lie in other files.</exception>
    public static ModelProto Read(string path)
    {
        ModelProto model;
        try
        {
            using var stream = File.OpenRead(path);
            model = ModelProto.Parser.ParseFrom(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            throw new InvalidBackboneException($"ONNX file '{path}' cannot be read: {e.Message} Export or copy it again.", e);
        }

        if (model.Graph is null || model.Graph.Node.Count == 0)
        {
            throw new InvalidBackboneException($"'{path}' holds no ONNX graph. Give the .onnx file that the export wrote.");
        }

        if (model.Graph.Initializer.FirstOrDefault(i => i.DataLocation == TensorProto.Types.DataLocation.External) is { } outside)
        {
            throw new InvalidBackboneException($"'{path}' keeps its weights in other files (first: '{outside.Name}'). Export it again as one file, without external data.");
        }

        return model;
    }

    /// <summary>SHA-256 of any file, lower-case hex.</summary>
    public static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Writes to a temporary file, flushes it to the disk and renames it.</summary>
    /// <returns>SHA-256 of the file, lower-case hex.</returns>
    /// <exception cref="InvalidBackboneException">The model is larger than an ONNX file can be.</exception>
    public static string Write(ModelProto model, string path)
    {
        var weights = model.Graph.Initializer.Sum(i => (long)i.RawData.Length);
        if (weights >= LargestBytes)
        {
            throw new InvalidBackboneException($"'{path}' would hold {weights:N0} bytes of weights; one ONNX file (a protobuf message) ends at {LargestBytes:N0}. Import a smaller model.");
        }

        using var sha = SHA256.Create();
        AtomicFile.Write(path, stream =>
        {
            using var hashing = new CryptoStream(stream, sha, CryptoStreamMode.Write, leaveOpen: true);
            model.WriteTo(hashing);
        });
        return Convert.ToHexStringLower(sha.Hash!);
    }
}
