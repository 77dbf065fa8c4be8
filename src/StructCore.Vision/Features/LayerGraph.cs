using StructCore.Vision.Onnx;

namespace StructCore.Vision.Features;

/// <summary>
/// A backbone's graph with its layers one by one as outputs, in place of the fused features (SPEC 10). It is derived from
/// the nodes that the importers write, so that the file, its digest and the banks that name it stay as they are.
/// </summary>
internal static class LayerGraph
{
    /// <summary>Changes <paramref name="model"/> in place.</summary>
    /// <returns>Names of the outputs: the layers, each [N, grid·grid, d], in the order of the sidecar, then the class token [N, d'].</returns>
    /// <exception cref="InvalidBackboneException">The graph is none that an importer of this project wrote.</exception>
    public static IReadOnlyList<string> Derive(ModelProto model, BackboneManifest backbone)
    {
        var classOutput = model.Graph.Output.FirstOrDefault(o => o.Name == backbone.ClassOutput)
            ?? throw Bad(backbone, $"has no output of class tokens (sidecar: '{backbone.ClassOutput}')");
        var builder = new GraphBuilder(model);
        OnnxValue[] layers = backbone.Family == "resnet" ? [.. ResidualLayers(builder, backbone)] : [.. TransformerLayers(builder, backbone)];

        model.Graph.Output.Clear();
        string[] names = [.. layers.Select((layer, l) => builder.Output($"layer/{l}", layer, "N", backbone.Grid * backbone.Grid, $"d{l}"))];
        model.Graph.Output.Add(classOutput);
        GraphPruner.Prune(model.Graph);
        return [.. names, classOutput.Name];
    }

    /// <summary>The stages that the importer found by their names, without the 3x3 mean; the coarser one brought to the grid.</summary>
    private static IEnumerable<OnnxValue> ResidualLayers(GraphBuilder builder, BackboneManifest backbone)
    {
        var made = builder.Model.Graph.Node.SelectMany(n => n.Output).ToHashSet();
        foreach (var (l, name) in backbone.Layers.Index())
        {
            if (!made.Contains(name))
            {
                throw Bad(backbone, $"has no stage '{name}'");
            }

            var stage = builder.Existing(name);
            yield return (l == 0 ? stage : stage.UpsampleTwice()).Reshape(0, 0, backbone.Grid * backbone.Grid).Transpose(0, 2, 1);
        }
    }

    /// <summary>What the fused output is made from, back from it: projection, concatenation, division by the norm.</summary>
    private static IEnumerable<OnnxValue> TransformerLayers(GraphBuilder builder, BackboneManifest backbone)
    {
        var makers = builder.Model.Graph.Node.SelectMany(n => n.Output.Select(o => (o, n))).ToDictionary(m => m.o, m => m.n);
        NodeProto Maker(string value, string operation) => makers.TryGetValue(value, out var node) && node.OpType == operation
            ? node
            : throw Bad(backbone, $"makes '{value}' by {node?.OpType ?? "nothing"} where the importer writes {operation}");

        var projection = Maker(Maker(backbone.Output, "Identity").Input[0], "MatMul");
        var units = Maker(projection.Input[0], "Concat").Input;
        return units.Count == backbone.Layers.Count
            ? units.Select(unit => builder.Existing(Maker(unit, "Div").Input[0])).ToArray()
            : throw Bad(backbone, $"joins {units.Count} layers, its sidecar names {backbone.Layers.Count}");
    }

    private static InvalidBackboneException Bad(BackboneManifest backbone, string what) =>
        new($"Backbone '{backbone.Name}' {what}, so that its single layers cannot be had. Import it again with 'structcore backbone import' or 'structcore backbone resnet'.");
}
