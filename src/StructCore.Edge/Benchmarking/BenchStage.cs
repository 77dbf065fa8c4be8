namespace StructCore.Edge.Benchmarking;

/// <summary>Something to time: its name, and what it does for the frames of a batch, given by their indices.</summary>
internal sealed record BenchStage(string Name, Action<int[]> Work)
{
    /// <summary>The order they are shown in: that of the line, then its parts together.</summary>
    public static IList<string> Order { get; } = [Decode, Preprocess, Backbone, Features, Routing, Neighbours, Map, Scoring, Score, Whole];

    public const string Decode = "decode";
    public const string Preprocess = "preprocess";
    public const string Backbone = "backbone";

    /// <summary>On a device: preprocess and backbone together.</summary>
    public const string Features = "features";

    public const string Routing = "routing";
    public const string Neighbours = "knn";
    public const string Map = "map";

    /// <summary>On a device: kNN and map together.</summary>
    public const string Scoring = "scoring";

    /// <summary>Frame in memory to score.</summary>
    public const string Score = "score";

    /// <summary>Image file to score.</summary>
    public const string Whole = "whole";
}
