using StructCore.Vision.Onnx;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Inference;

/// <summary>
/// The graph from features and one memory bank to patch scores, maximum and phi (SPEC 6 to 8). The distances of all rows come from one product,
/// |m|² - 2z·m, each row's floor included, and only choose twice as many candidates as are needed; those are measured as differences, free of cancellation.
/// </summary>
internal static class ScoringGraph
{
    /// <summary>Rows of a bank are searched this many at a time: up to here CUDA sorts a row of distances within one block of threads.</summary>
    public const int Panel = 512;

    /// <summary>Input, z of a batch, [N, P, D].</summary>
    public const string Features = "features";

    /// <summary>Input, which images of the batch are scored, 64-bit, [M].</summary>
    public const string Images = "images";

    /// <summary>Input, the bank's rows, padded to whole panels with rows that lie far away, [R, D].</summary>
    public const string Rows = "rows";

    /// <summary>Input, the rows' floors, [R].</summary>
    public const string Floors = "floors";

    /// <summary>Input, the rows' squared norms, each with the row's floor, [R].</summary>
    public const string Norms = "norms";

    /// <summary>Input, the first row of every panel, 64-bit, [R / 512, 1].</summary>
    public const string Panels = "panels";

    /// <summary>Input, rows that are measured for each patch, 64-bit, [1]; at most a panel's.</summary>
    public const string Candidates = "candidates";

    /// <summary>Input, rows a score averages, 64-bit, [1]; at most the candidates and the bank's true rows.</summary>
    public const string Neighbours = "neighbours";

    /// <summary>Output, s, [M, P].</summary>
    public const string Patches = "patches";

    /// <summary>Output, maximum, dispersion, tail, total variation, [M, 4].</summary>
    public const string Figures = "figures";

    /// <summary>Values per image of <see cref="Figures"/>.</summary>
    public const int FigureCount = 4;

    /// <param name="grid">Side of the patch grid, P = grid·grid.</param>
    /// <param name="width">D.</param>
    /// <param name="side">H = W of the map.</param>
    public static ModelProto Build(int grid, int width, int side)
    {
        var graph = new GraphBuilder("scoring");
        var features = graph.Input(Features, "N", grid * grid, width).Gather(graph.Input(Images, TensorProto.Types.DataType.Int64, "M"));
        var scores = PatchScores(graph, features.Reshape(-1, width), width).Reshape(-1, grid * grid);
        graph.Output(Patches, scores, "M", grid * grid);
        graph.Output(Figures, Describe(graph, Map(graph, scores, grid, side), side), "M", FigureCount);
        return graph.Model;
    }

    /// <summary>z [Q, D] to s [Q].</summary>
    private static OnnxValue PatchScores(GraphBuilder graph, OnnxValue patches, int width)
    {
        var rows = graph.Input(Rows, "R", width);
        var floors = graph.Input(Floors, "R");
        var norms = graph.Input(Norms, "R");
        var panels = graph.Input(Panels, TensorProto.Types.DataType.Int64, "R/512", 1);
        var candidates = graph.Input(Candidates, TensorProto.Types.DataType.Int64, 1);
        var neighbours = graph.Input(Neighbours, TensorProto.Types.DataType.Int64, 1);

        // |z|² is the same for all rows of a patch and changes no order.
        var inPanels = patches.Gemm(rows, norms, scale: -2).Reshape(0, -1, Panel).Top(candidates, largest: false);
        var indices = inPanels.Indices.Add(panels).Reshape(0, -1);
        var chosen = indices.GatherElements(inPanels.Values.Reshape(0, -1).Top(candidates, largest: false).Indices, axis: 1);
        var distances = patches.Unsqueeze(1).Sub(rows.Gather(chosen)).Square().ReduceSum(-1).Add(floors.Gather(chosen));
        return distances.Top(neighbours, largest: false).Values.Reduce("ReduceMean", 1);
    }

    /// <summary>S = A·s·Aᵀ, [M, side, side].</summary>
    private static OnnxValue Map(GraphBuilder graph, OnnxValue scores, int grid, int side)
    {
        var weights = new MapOperator(side, grid);
        var (rows, columns) = (new float[side * grid], new float[grid * side]);
        for (var g = 0; g < grid; g++)
        {
            var (begin, column) = weights.Column(g);
            for (var y = 0; y < column.Length; y++)
            {
                rows[((begin + y) * grid) + g] = columns[(g * side) + begin + y] = column[y];
            }
        }

        return graph.Constant("A", rows, side, grid).MatMul(scores.Reshape(-1, grid, grid)).MatMul(graph.Constant("A.transposed", columns, grid, side));
    }

    // Sums of many pixels are taken row by row: one float32 sum over all of them would lose the digits the calibration needs.
    private static OnnxValue Describe(GraphBuilder graph, OnnxValue map, int side)
    {
        var pixels = map.Reshape(-1, side * side);
        var dispersion = Mean(map.Sub(Mean(map).Unsqueeze(2)).Square()).Sqrt();
        var tail = pixels.Top(graph.Shape(MapStatistics.TailCount(side * side)), largest: true).Values.Reduce("ReduceMean", 1, keep: true);
        var variation = Differences(map, axis: 1, side).Add(Differences(map, axis: 2, side)).Unsqueeze(1).Div(graph.Scalar(side * side));
        return pixels.Reduce("ReduceMax", 1, keep: true).Concat(axis: 1, dispersion, tail, variation);
    }

    private static OnnxValue Mean(OnnxValue map) => map.Reduce("ReduceMean", 2).Reduce("ReduceMean", 1, keep: true);

    private static OnnxValue Differences(OnnxValue map, long axis, int side) =>
        map.Slice(axis, 1, side).Sub(map.Slice(axis, 0, side - 1)).Abs().ReduceSum(2).ReduceSum(1);
}
