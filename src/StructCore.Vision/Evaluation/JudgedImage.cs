using StructCore.Vision.Datasets;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Evaluation;

/// <summary>A test image and what its own category's bank and the router say of it.</summary>
/// <param name="Image">The image and the truth.</param>
/// <param name="Score">From the bank of its own category.</param>
/// <param name="Route">Over all banks.</param>
public sealed record JudgedImage(TestImage Image, ImageScore Score, Route Route)
{
    /// <summary>Whether the router refuses it as an unknown product, over all banks.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Whether it would be refused if its own category had no bank; null where that is the only one.</summary>
    public bool? IsUnknownWithoutOwn { get; init; }

    /// <summary>The score of one kind.</summary>
    public float Of(ScoreKind kind) => kind switch { ScoreKind.Base => Score.Base, ScoreKind.Struct => Score.Structural, _ => Score.Hybrid };
}
