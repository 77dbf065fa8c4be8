namespace StructCore.Vision.Fitting;

/// <summary>What the other images of a set say of one.</summary>
/// <param name="Image">Its index in the set.</param>
/// <param name="Score">The largest value of its map against the others, 0 or more.</param>
public readonly record struct PeerScore(int Image, float Score);
