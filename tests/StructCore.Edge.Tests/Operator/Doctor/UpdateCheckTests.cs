using NSubstitute;
using StructCore.Edge;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Configuration;
using StructCore.Edge.Operator.Doctor;
using StructCore.Tests.BankUpdates.Signing;
using StructCore.Tests.Fakes;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.Operator.Doctor;

public sealed class UpdateCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeStore _store = new();
    private readonly AdapterSet _adapters = Substitute.For<AdapterSet>();
    private readonly AgentOptions _options = new();

    public UpdateCheckTests()
    {
        using var key = SigningKey.Create();
        File.WriteAllBytes(_folder["trust.json"], TrustChain.ToJson([SignedDocument.Sign(TestTrust.Document(1, [key], [key]), key)]));
        File.WriteAllText(_folder["store.db"], "");
        (_options.Updates.TrustFile, _options.Updates.Folder, _options.Banks.Folder, _options.Store.Path) = (_folder["trust.json"], _folder["updates"], _folder["banks"], _folder["store.db"]);
        _options.Stations.Add(new() { Site = "plant", Line = "line", Id = "one" });
        _adapters.ReadStore(Arg.Any<string>()).Returns(_store);
        _time.Advance(TestTrust.Now - _time.GetUtcNow());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Updates_SetUpWell_AreWell() => Assert.All(await CheckAsync(), f => Assert.Equal(FindingLevel.Ok, f.Level));

    [Fact]
    public async Task Updates_SwitchedOff_AreOnlyMentioned()
    {
        _options.Updates.TrustFile = null;

        Assert.Equal((FindingLevel.Ok, "remote updates are off (Updates:TrustFile)"), Assert.Single(await CheckAsync()) is var f ? (f.Level, f.Text) : default);
    }

    [Theory]
    [InlineData(340, FindingLevel.Warning)]
    [InlineData(366, FindingLevel.Fail)]
    public async Task Trust_ThatEnds_IsToldAhead(int days, object level)
    {
        _time.StepWallClock(TimeSpan.FromDays(days));

        Assert.Contains(await CheckAsync(), f => f.Level == (FindingLevel)level && f.Text.StartsWith("trust document 1 counts until", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Standing_WhoseFileIsGone_Fails()
    {
        var path = BankFile.Write(new FakeExtractor().Bank("cap", FakeExtractor.Cap), _folder["banks"], TestTrust.Start);
        var bank = Edge.BankUpdates.Activation.StationBanks.Identity(BankFile.Read(path));
        _store.SaveStanding(new("plant/line/one", "cap", bank, new("cap-v0", 0, "x"), 1, _time.GetUtcNow()), null);
        var findings = await CheckAsync();

        Assert.Contains(findings, f => f is { Level: FindingLevel.Ok } && f.Text.Contains("'cap-v1' decides, its file is there", StringComparison.Ordinal));
        Assert.Contains(findings, f => f is { Level: FindingLevel.Fail } && f.Text.Contains("'cap-v0' is what a rollback goes back to, but", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_ThatDoesNotAnswer_Fails()
    {
        _options.Updates.BaseUrl = $"http://127.0.0.1:{Fixtures.LoopbackPort.Free()}/banks";

        Assert.Contains(await CheckAsync(), f => f is { Level: FindingLevel.Fail } && f.Text.Contains("cannot be had", StringComparison.Ordinal));
    }

    private async Task<List<Finding>> CheckAsync()
    {
        var found = new List<Finding>();
        await UpdateCheck.RunAsync(_options, _adapters, _time, new Findings("updates", found.Add), CancellationToken.None);
        return found;
    }
}
