using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Onnx;

namespace StructCore.Vision.Inference;

/// <summary>The graph from proxies and some centres to each proxy's smallest |c|² - 2x·c.</summary>
internal static class CentreGraph
{
    /// <summary>Input, x, [R, 128].</summary>
    public const string Rows = "rows";

    /// <summary>Input, c, [B, 128].</summary>
    public const string Centres = "centres";

    /// <summary>Input, |c|², [B].</summary>
    public const string Norms = "norms";

    /// <summary>Output, [R].</summary>
    public const string Smallest = "smallest";

    public static ModelProto Build()
    {
        var graph = new GraphBuilder("centres");
        var rows = graph.Input(Rows, "R", Coreset.ProxyWidth);
        var terms = rows.Gemm(graph.Input(Centres, "B", Coreset.ProxyWidth), graph.Input(Norms, "B"), scale: -2);
        graph.Output(Smallest, terms.Reduce("ReduceMin", 1), "R");
        return graph.Model;
    }
}
