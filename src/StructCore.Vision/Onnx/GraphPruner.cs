namespace StructCore.Vision.Onnx;

/// <summary>Drops what no output needs.</summary>
internal static class GraphPruner
{
    /// <summary>Removes, in place, nodes and constants that lead to none of the graph's outputs. Inputs stay, unless they only named a constant.</summary>
    public static void Prune(GraphProto graph)
    {
        var needed = graph.Output.Select(o => o.Name).ToHashSet();
        var kept = new List<NodeProto>();
        for (var n = graph.Node.Count - 1; n >= 0; n--)
        {
            // Nodes stand in topological order, so every consumer was seen before.
            var node = graph.Node[n];
            if (node.Output.Any(needed.Contains))
            {
                kept.Add(node);
                needed.UnionWith(References(node));
            }
        }

        kept.Reverse();
        graph.Node.Clear();
        graph.Node.AddRange(kept);
        var constants = graph.Initializer.Select(i => i.Name).ToHashSet();
        Keep(graph.Input, i => !constants.Contains(i.Name));
        Keep(graph.Initializer, i => needed.Contains(i.Name));
        Keep(graph.ValueInfo, v => needed.Contains(v.Name));
    }

    /// <summary>Names a node reads, also from within the bodies of branches and loops.</summary>
    public static IEnumerable<string> References(NodeProto node) =>
    [
        .. node.Input,
        .. node.Attribute.SelectMany(a => a.G is null ? a.Graphs : a.Graphs.Append(a.G)).SelectMany(body => body.Node.SelectMany(References).Concat(body.Output.Select(o => o.Name))),
    ];

    private static void Keep<T>(Google.Protobuf.Collections.RepeatedField<T> all, Func<T, bool> wanted)
    {
        var kept = all.Where(wanted).ToArray();
        all.Clear();
        all.AddRange(kept);
    }
}
