namespace StructCore.Vision.Inference;

/// <summary>What the stages of a pass took for one image, its share where several went through a stage together. What cannot be told apart counts as features.</summary>
/// <param name="Features">Preprocess, backbone and fuse (SPEC 1 to 3).</param>
/// <param name="Routing">SPEC 5.</param>
/// <param name="Scoring">SPEC 6 to 8.</param>
public readonly record struct StageTimes(TimeSpan Features, TimeSpan Routing, TimeSpan Scoring)
{
    /// <summary>All stages.</summary>
    public TimeSpan Total => Features + Routing + Scoring;
}
