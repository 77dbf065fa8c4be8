using StructCore.Vision.Onnx;

namespace StructCore.Tests.Onnx;

public sealed class GraphBuilderTests
{
    [Fact]
    public void Node_OfTheSameKindTwice_HasItsOwnName()
    {
        var graph = new GraphBuilder("test");
        var x = graph.Input("x", "N");

        var sum = x.Add(x).Add(x);

        Assert.Equal(["Add", "Add.2"], graph.Model.Graph.Node.Select(n => n.Name));
        Assert.Equal(sum.Name, graph.Model.Graph.Node[1].Output[0]);
        Assert.Equal(graph.Model.Graph.Node[0].Output[0], graph.Model.Graph.Node[1].Input[0]);
    }

    [Fact]
    public void Scalar_OfTheSameValue_IsOneConstant()
    {
        var graph = new GraphBuilder("test");

        Assert.Equal(graph.Scalar(0.5f), graph.Scalar(0.5f));
        Assert.NotEqual(graph.Scalar(0.5f), graph.Scalar(1));
        Assert.Equal(2, graph.Model.Graph.Initializer.Count);
    }

    [Fact]
    public void Output_OfANameThatIsTaken_HasAnother()
    {
        var model = new GraphBuilder("inner");
        model.Node("Relu", [model.Input("features", "N")]);

        var outer = new GraphBuilder(model.Model);

        Assert.Equal("features.2", outer.Output("features", outer.Existing("Relu:0"), "N"));
    }

    [Fact]
    public void Prune_OfABranch_KeepsWhatItsBodyReads()
    {
        var graph = new GraphBuilder("test");
        var x = graph.Input("x", "N");
        var read = graph.Node("Relu", [x]);
        graph.Node("Neg", [x]);
        graph.Constant("unused", [1]);
        var branch = graph.Node("If", [x]);
        graph.Model.Graph.Node[^1].Attribute.Add(new AttributeProto { Name = "then_branch", G = new GraphProto { Node = { new NodeProto { OpType = "Abs", Input = { read.Name } } } } });
        graph.Output("y", branch, "N");

        GraphPruner.Prune(graph.Model.Graph);

        Assert.Equal(["Relu", "If", "Identity"], graph.Model.Graph.Node.Select(n => n.OpType));
        Assert.Empty(graph.Model.Graph.Initializer);
    }
}
