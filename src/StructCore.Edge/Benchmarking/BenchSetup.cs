namespace StructCore.Edge.Benchmarking;

/// <summary>What was measured: the backbone, what ran it, and the work it was given.</summary>
internal sealed record BenchSetup
{
    public required string Backbone { get; init; }

    public required string BackboneSha256 { get; init; }

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>tensorrt</c>.</summary>
    public required string Provider { get; init; }

    public required int Device { get; init; }

    /// <summary><c>fp32</c>, <c>fp16</c> or <c>tf32</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>Threads that compute.</summary>
    public required int Threads { get; init; }

    public required int FrameHeight { get; init; }

    public required int FrameWidth { get; init; }

    public required string Frames { get; init; }

    public required string Bank { get; init; }

    public required int BankRows { get; init; }

    public required int BankWidth { get; init; }

    public required int Categories { get; init; }
}
