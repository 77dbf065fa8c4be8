using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Tests.Fakes;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.BankUpdates.Activation;

public sealed class ShadowTrialTests
{
    private const byte Good = 0;
    private const byte Bad = 30;

    private readonly FakeExtractor _extractor = new();
    private readonly UpdateOptions _options = new() { ShadowInspections = 20, MaxRejectShift = 0.1 };

    private ProductBank Active => _extractor.Bank("cap", FakeExtractor.Cap, 1);

    private ProductBank Candidate => _extractor.Bank("cap", FakeExtractor.Cap, 2);

    [Fact]
    public void Add_SameBank_CountsAndPasses()
    {
        var trial = Trial();
        for (var i = 0; i < 20; i++)
        {
            Assert.False(trial.Report.IsComplete);
            Add(trial, i % 4 == 0 ? Bad : Good, i % 4 == 0 ? Bad : Good, i);
        }

        Assert.Equal(new ShadowReport(20, 20, 5, 5, 0, 0, 0, 19), trial.Report);
        Assert.True(trial.Report.IsComplete);
    }

    [Fact]
    public void Add_OtherScores_AreComparedEachByItsOwnThreshold()
    {
        // Scores of 9, by thresholds of 1 and 2, then of 4 and 4.
        var candidate = Candidate.With(Candidate.Calibration with { Threshold = 2 });
        var trial = new ShadowTrial(Active, candidate, _options);
        trial.Add(Active.Score(Features(30)), candidate.Score(Features(30)), 1);
        trial.Add(Active.Score(Features(20)), candidate.Score(Features(20)), 3.456);

        Assert.Equal(3.25, trial.Report.MeanDifference, 1e-4);
        Assert.Equal(4.5, trial.Report.LargestDifference, 1e-4);
        Assert.Equal(3.46, trial.Report.SlowestMs);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Add_MoreRejectsThanTheActiveBank_MayBeTheShareThatIsBorne(int more, bool passes)
    {
        var trial = Trial();
        var refused = Record.Exception(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                Add(trial, i < 4 ? Bad : Good, i < 4 + more ? Bad : Good);
            }
        });

        Assert.Equal(passes, refused is null);
        if (!passes)
        {
            Assert.Equal(UpdateRefusal.ShadowShift, Assert.IsType<UpdateRefusedException>(refused).Refusal);
            Assert.StartsWith("bank 'cap-v2' would have rejected 7 of 20 parts, 'cap-v1' rejected 4: 2 more of 20 are borne (Updates:MaxRejectShift).", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Add_PartsToComeCannotMakeUpForIt_IsDecidedAtOnce()
    {
        // After 11 parts 9 are to come: the active bank may reject them all, and the candidate none.
        var trial = Trial();
        for (var i = 0; i < 10; i++)
        {
            Add(trial, Good, Bad);
        }

        Add(trial, Good, Bad);
        var refused = Assert.Throws<UpdateRefusedException>(() => Add(trial, Good, Bad));
        Assert.StartsWith("bank 'cap-v2' would have rejected 12 of 12 parts", refused.Message, StringComparison.Ordinal);
        Assert.Equal((12, 12, 0, 12), (trial.Report.Inspections, trial.Report.CandidateRejects, trial.Report.ActiveRejects, trial.Report.Changes));
    }

    [Fact]
    public void Add_FewerRejects_PassesAndShowsTheChanges()
    {
        var trial = Trial();
        for (var i = 0; i < 20; i++)
        {
            Add(trial, Bad, Good);
        }

        Assert.Equal((20, 0, 20, true), (trial.Report.ActiveRejects, trial.Report.CandidateRejects, trial.Report.Changes, trial.Report.IsComplete));
    }

    [Fact]
    public void Add_ScoreThatIsNoNumber_IsARejectAndLeavesTheDifferencesFinite()
    {
        var trial = Trial();
        Add(trial, Good, FakeExtractor.Broken);
        Add(trial, Good, Good);
        Assert.Equal((1, 0d, 0d), (trial.Report.CandidateRejects, trial.Report.MeanDifference, trial.Report.LargestDifference));
    }

    [Fact]
    public void Report_NoPartsAsked_IsComplete() =>
        Assert.True(new ShadowTrial(Active, Candidate, new UpdateOptions { ShadowInspections = 0 }).Report.IsComplete);

    private ShadowTrial Trial() => new(Active, Candidate, _options);

    private void Add(ShadowTrial trial, byte byActive, byte byCandidate, double ms = 1) =>
        Assert.Same(trial.Add(Active.Score(Features(byActive)), Candidate.Score(Features(byCandidate)), ms), trial.Report);

    private PatchFeatures Features(byte deviation) => _extractor.Extract(new RgbImage(1, 1, [FakeExtractor.Cap, deviation, 0]), FrameMode.FullFrame);
}
