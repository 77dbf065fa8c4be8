using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary>Which banks an agent starts with.</summary>
public sealed class StandingChoiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeStore _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeExtractor _extractor = new();
    private readonly StationOptions _station = new() { Site = "plant", Line = "line", Id = "one" };
    private readonly BankIdentity _first;
    private readonly BankIdentity _second;

    public StandingChoiceTests() => (_first, _second) = (Fit(), Fit());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Start_WithoutAStanding_TakesTheNewestFile() => Assert.Equal(2, Version());

    [Fact]
    public void Start_WithAStanding_TakesWhatItNames()
    {
        Stand(Standing(_first, null));

        Assert.Equal(1, Version());
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("damaged")]
    [InlineData("another")]
    public void Start_ActiveFileUnusable_TakesThePreviousAndSaysSo(string how)
    {
        Stand(Standing(_second, _first) with { OnProbation = how == "damaged" });
        Spoil(_second, how);

        Assert.Equal(1, Version());
        var happened = Assert.Single(_store.BankEvents(null, null, 10));
        Assert.Equal((BankEventKind.Recovered, 2), (happened.Kind, happened.Version));
        Assert.StartsWith("bank_unreadable:", happened.Reason, StringComparison.Ordinal);
        Assert.Equal((_first, null, false), _store.BankStandings().Single() is var s ? (s.Active, s.Previous, s.OnProbation) : default);
    }

    [Fact]
    public void Start_BothFilesUnusable_IsRefusedAlthoughAnotherOneIsThere()
    {
        Fit();
        Stand(Standing(_second, _first));
        Spoil(_second, "damaged");
        Spoil(_first, "missing");

        var e = Assert.Throws<InvalidBankException>(() => Version());
        Assert.Contains("cap-v2", e.Message, StringComparison.Ordinal);
        Assert.Contains("cap-v1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_OnProbationTooOften_GoesBack()
    {
        Stand(Standing(_second, _first) with { OnProbation = true });
        for (var start = 1; start <= StandingChoice.MaxProbationStarts; start++)
        {
            Assert.Equal(2, Version());
            Assert.Equal(start, _store.BankStandings().Single().ProbationStarts);
        }

        Assert.Equal(1, Version());
        Assert.StartsWith("crash_loop:", Assert.Single(_store.BankEvents(null, null, 10), e => e.Kind == BankEventKind.Withdrawn).Reason, StringComparison.Ordinal);
        Assert.Equal(1, Version());
    }

    [Fact]
    public void Start_OnProbationTooOftenWithNothingBefore_DoesWithoutTheCategory()
    {
        Stand(Standing(_second, null) with { OnProbation = true, ProbationStarts = StandingChoice.MaxProbationStarts });

        Assert.Empty(Choose());
        Assert.True(_store.BankStandings().Single().Dormant);
        Assert.Empty(Choose());
    }

    [Fact]
    public void Start_Confirmed_IsNotCounted()
    {
        Stand(Standing(_second, _first));
        Version();

        Assert.Equal(0, _store.BankStandings().Single().ProbationStarts);
    }

    private BankStanding Standing(BankIdentity active, BankIdentity? previous) => new("plant/line/one", "cap", active, previous, 2, _time.GetUtcNow());

    private void Stand(BankStanding standing) => _store.SaveStanding(standing, null);

    private int Version() => Assert.Single(Choose()).Manifest.Version;

    private IReadOnlyList<ProductBank> Choose() => new StandingChoice(new BankLibrary(_folder.Path), _store, _time, NullLogger<StandingChoice>.Instance).AtStart(_station);

    private BankIdentity Fit() => StationBanks.Identity(BankFile.Read(BankFile.Write(_extractor.Bank("cap", FakeExtractor.Cap), _folder.Path, _time.GetUtcNow())));

    private void Spoil(BankIdentity bank, string how)
    {
        var path = _folder[bank.Id + BankFile.Extension];
        switch (how)
        {
            case "missing":
                File.Delete(path);
                break;
            case "damaged":
                File.WriteAllBytes(path, File.ReadAllBytes(path)[..^7]);
                break;
            default:
                File.Delete(path);
                _time.Advance(TimeSpan.FromDays(1));
                Fit();
                break;
        }
    }
}
