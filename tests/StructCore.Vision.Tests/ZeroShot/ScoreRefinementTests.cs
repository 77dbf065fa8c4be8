using StructCore.Vision.ZeroShot;

namespace StructCore.Tests.ZeroShot;

public sealed class ScoreRefinementTests
{
    [Fact]
    public void Refine_EqualScores_AreZero() => Assert.Equal([0f, 0f], ScoreRefinement.Refine([3, 3], [[1, 0], [1, 1]], [1, 2]));

    [Fact]
    public void Refine_WindowOfOne_OnlyScales() => Assert.Equal([0f, 0.5f, 1f], ScoreRefinement.Refine([2, 3, 4], [[1, 0], [0, 1], [1, 1]], [1]));

    [Fact]
    public void Refine_WindowLargerThanTheBatch_TakesAll() => Assert.Equal([0.5f, 0.5f], ScoreRefinement.Refine([0, 1], [[2, 0], [3, 0]], [9]));

    [Fact]
    public void Refine_Ties_GoToTheLowerIndex()
    {
        // All tokens are alike: every image takes the first two.
        Assert.Equal([0.25f, 0.25f, 0.25f], ScoreRefinement.Refine([0, 0.5f, 1], [[1, 0], [1, 0], [1, 0]], [2]));
    }

    [Fact]
    public void Refine_TokensOfZeros_LeaveNumbers() => Assert.All(ScoreRefinement.Refine([0, 1, 2], [[0, 0], [0, 0], [0, 0]], [1, 2]), r => Assert.True(float.IsFinite(r)));

    [Fact]
    public void Refine_FewerTokensThanScores_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => ScoreRefinement.Refine([0, 1], [[1]], [1]));
}
