using System.Text.Json;
using StructCore.Vision.Features;

namespace StructCore.Benchmarks.Peers;

/// <summary>An ONNX graph as files a few lines of torch can run: the nodes as JSON, the weights in one row.</summary>
internal static class NetworkExport
{
    /// <summary>Writes <c>network.json</c> and <c>weights</c> into <paramref name="folder"/>.</summary>
    public static void Write(string onnxPath, string folder)
    {
        var graph = OnnxModelFile.Read(onnxPath).Graph;
        var nodes = graph.Node.Select(n => new
        {
            op = n.OpType,
            inputs = n.Input.ToArray(),
            output = n.Output[0],
            numbers = n.Attribute.Where(a => a.Ints.Count > 0).ToDictionary(a => a.Name, a => a.Ints.ToArray()),
        });
        var weights = graph.Initializer.Select(i => new { name = i.Name, shape = i.Dims.ToArray() });
        File.WriteAllText(Path.Combine(folder, "network.json"), JsonSerializer.Serialize(new { input = graph.Input[0].Name, nodes, weights }));
        using var file = File.Create(Path.Combine(folder, "weights"));
        foreach (var weight in graph.Initializer)
        {
            file.Write(weight.RawData.IsEmpty ? System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(weight.FloatData.ToArray()) : weight.RawData.Span);
        }
    }
}
