using System.Text.Json.Nodes;

namespace StructCore.Tests;

/// <summary>What the agent cannot start with: exit code and what stands on standard error.</summary>
public sealed class BadStartTests(FittedParts parts) : IDisposable
{
    private const int Failed = 1;
    private const int WrongUse = 2;
    private readonly Line _line = new(parts, LoopbackPort.Free());

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("See 'structcore run --help'.", "run", "--colour", "blue")]
    [InlineData("See 'structcore --help'.", "walk")]
    public async Task Start_UsedWrongly_SaysWhereHelpIs(string expected, params string[] arguments)
    {
        var (code, _, error) = await Structcore.RunAsync(arguments);

        Assert.Equal(WrongUse, code);
        Assert.Contains($"'{arguments.Last(a => a != "blue")}'", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public Task Configuration_Missing_IsNamedWithTheRemedy()
    {
        File.Delete(_line.Configuration);
        return AssertFailsAsync(_line.Configuration, "the file does not exist. Name one with --config");
    }

    [Fact]
    public Task Configuration_WithSeveralMistakes_ListsAllOfThem()
    {
        _line.Configure(c =>
        {
            c["Colour"] = "red";
            c["Broker"]!["Port"] = 0;
            c["Stations"]![0]!["Camera"] = "left";
        });
        return AssertFailsAsync("has 3 errors:", "Colour: unknown key; known: ", "Broker:Port: 0 is out of range", "Stations:0:Camera: camera 'left' is not configured; known: folder.");
    }

    [Fact]
    public Task Banks_MissingFolder_IsNamedWithTheRemedy() => AssertBanksAsync(_ => { }, "Stations:0: No bank file (*.scbank) in '{0}'. Fit one: structcore fit ");

    [Fact]
    public Task Banks_EmptyFolder_IsNamedWithTheRemedy() => AssertBanksAsync(f => Directory.CreateDirectory(f), "Stations:0: No bank file (*.scbank) in '{0}'. Fit one: structcore fit ");

    [Fact]
    public Task Banks_Truncated_NamesTheFile() => AssertBanksAsync(
        folder =>
        {
            Directory.CreateDirectory(folder);
            var bank = File.ReadAllBytes(parts.FlangeBank);
            File.WriteAllBytes(Path.Combine(folder, "flange-v1.scbank"), bank[..(bank.Length / 2)]);
        },
        "Stations:0: ",
        "'{0}/flange-v1.scbank'");

    [Fact]
    public Task Banks_OfAnotherBackbone_NamesBothAndTheRemedy()
    {
        return AssertBanksAsync(
            parts.WriteForeignBank,
            c => c["Models"]!["Backbone"] = "proc-r10",
            "Stations:0: Bank 'flange-v1' was fitted with backbone 'other-s14'",
            "but 'proc-r10'",
            "Fit the bank again with this backbone, or choose the bank's.");
    }

    [Fact]
    public Task Backbone_OfTheBankIsMissing_NamesItAndWhatThereIs() =>
        AssertBanksAsync(parts.WriteForeignBank, "Models: No backbone 'other-s14' in ", "there: proc-r10", "structcore backbone fetch");

    [Fact]
    public Task Store_FolderInItsPlace_IsNamedWithTheRemedy()
    {
        Directory.CreateDirectory(_line.StorePath);
        return AssertFailsAsync($"Store:Path: The inspection store '{_line.StorePath}' failed at opening", "Check that it is a file, not a folder");
    }

    [Fact]
    public Task Start_WithoutABankAndWithoutAStore_SaysBoth()
    {
        _line.Configure(c =>
        {
            c["Banks"]!["Folder"] = "none";
            c["Store"]!["Path"] = "/proc/no/store.db";
        });
        return AssertFailsAsync("has 2 errors:", "Stations:0: ", "Store:Path: ");
    }

    private Task AssertBanksAsync(Action<string> prepare, params string[] expected) => AssertBanksAsync(prepare, _ => { }, expected);

    private Task AssertBanksAsync(Action<string> prepare, Action<JsonNode> change, params string[] expected)
    {
        var folder = Path.Combine(_line.Folder, "banks");
        prepare(folder);
        _line.Configure(c =>
        {
            c["Banks"]!["Folder"] = folder;
            change(c);
        });
        return AssertFailsAsync([.. expected.Select(e => e.Replace("{0}", folder, StringComparison.Ordinal))]);
    }

    private async Task AssertFailsAsync(params string[] expected)
    {
        var (code, output, error) = await Structcore.RunAsync("run", "--config", _line.Configuration);

        Assert.Equal(Failed, code);
        Assert.All(expected, e => Assert.Contains(e, error, StringComparison.Ordinal));
        Assert.Contains(_line.Configuration, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);

        // The log ends with what runs here.
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => Assert.Contains("StructCore.Edge.Agent[2]", l, StringComparison.Ordinal));
    }
}
