using System.Text;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Commands;

namespace StructCore.Tests.Commands;

public sealed class TrustCommandTests : IAsyncLifetime
{
    private readonly UpdateCommands _verbs = new();

    private string New => _verbs.Folder["new"];

    public async ValueTask InitializeAsync() => await _verbs.WithTrustAsync();

    public ValueTask DisposeAsync()
    {
        _verbs.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Create_ThenInspect_TellsKeysAndRoles()
    {
        await _verbs.DoAsync("trust", "inspect", _verbs.TrustFile);
        Assert.Contains("Trust document 1, expires ", _verbs.Output, StringComparison.Ordinal);
        Assert.Matches($@"{UpdateCommands.Id(_verbs.Root)} +trust +\S+ \S+ +\S+ \S+ +valid", _verbs.Output);
        Assert.Matches($@"{UpdateCommands.Id(_verbs.Line)} +bank ", _verbs.Output);
        await _verbs.DoAsync("trust", "inspect", _verbs.TrustFile, "--json");
        Assert.Equal(Encoding.UTF8.GetString(Newest().Document.Payload), _verbs.Output.TrimEnd());
    }

    [Fact]
    public async Task Create_FileThatIsThere_StaysAsItIs()
    {
        var before = File.ReadAllBytes(_verbs.TrustFile);
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync("trust", "create", "--trust-key", UpdateCommands.Public(_verbs.Root), "--bank-key", UpdateCommands.Public(_verbs.Line), "--key", UpdateCommands.Private(_verbs.Root), "--out", _verbs.TrustFile));
        Assert.Equal(before, File.ReadAllBytes(_verbs.TrustFile));
    }

    [Fact]
    public async Task Create_NotSignedByTheTrustRole_WritesNothing()
    {
        var file = _verbs.Folder["other.json"];
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync("trust", "create", "--trust-key", UpdateCommands.Public(_verbs.Root), "--bank-key", UpdateCommands.Public(_verbs.Line), "--key", UpdateCommands.Private(_verbs.Line), "--out", file));
        Assert.Contains("wrong_key: ", _verbs.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Update_RevokeAndAdd_MakesTheNextOfTheChain()
    {
        await _verbs.DoAsync("keys", "create", "--out", New);
        await _verbs.DoAsync("trust", "update", _verbs.TrustFile, "--revoke", UpdateCommands.Id(_verbs.Line), "--add-bank-key", UpdateCommands.Public(New), "--key", UpdateCommands.Private(_verbs.Root));
        Assert.Matches($@"{UpdateCommands.Id(_verbs.Line)} +revoked", _verbs.Output);
        var trust = Newest();
        Assert.Equal(2, trust.Version);
        Assert.Equal([UpdateCommands.Id(New)], trust.Content.Bank.KeyIds);
        Assert.Equal([UpdateCommands.Id(_verbs.Line)], trust.Content.Revoked);
    }

    [Fact]
    public async Task Update_NewRootKey_IsSignedByBoth()
    {
        await _verbs.DoAsync("keys", "create", "--out", New);
        string[] change = ["trust", "update", _verbs.TrustFile, "--add-trust-key", UpdateCommands.Public(New), "--trust-threshold", "2", "--key", UpdateCommands.Private(_verbs.Root)];
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync(change));
        Assert.Contains("too_few_signatures: ", _verbs.Error, StringComparison.Ordinal);
        Assert.Equal(1, Newest().Version);
        await _verbs.DoAsync([.. change, UpdateCommands.Private(New)]);
        Assert.Equal(2, Newest().Content.Trust.Threshold);

        await _verbs.DoAsync("trust", "update", _verbs.TrustFile, "--remove", UpdateCommands.Id(_verbs.Root), "--trust-threshold", "1", "--key", UpdateCommands.Private(_verbs.Root), UpdateCommands.Private(New));
        Assert.Equal([UpdateCommands.Id(New)], Newest().Content.Trust.KeyIds);
    }

    [Fact]
    public async Task Update_KeyThatIsNotThere_SaysWhichAre()
    {
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync("trust", "update", _verbs.TrustFile, "--remove", "0123", "--key", UpdateCommands.Private(_verbs.Root)));
        Assert.Contains($"has no key '0123' to remove. It has {UpdateCommands.Id(_verbs.Root)}, {UpdateCommands.Id(_verbs.Line)}.", _verbs.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("365")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("999999999d")]
    [InlineData("d")]
    public async Task Update_LifeThatIsNone_IsWrongUse(string life)
    {
        Assert.Equal(CommandLineRunner.WrongUse, await _verbs.RunAsync("trust", "update", _verbs.TrustFile, "--expires", life, "--key", UpdateCommands.Private(_verbs.Root)));
        Assert.Contains($"--expires is '{life}'", _verbs.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_NoTrustFile_SaysHowToMakeOne()
    {
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync("trust", "inspect", _verbs.Folder["none.json"]));
        Assert.Contains("structcore trust create", _verbs.Error, StringComparison.Ordinal);
    }

    private Trust Newest() => TrustChain.Open(TrustChain.Parse(File.ReadAllBytes(_verbs.TrustFile)));
}
