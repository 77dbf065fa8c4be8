namespace StructCore.Tests;

/// <summary>The verbs on images, as processes: exit codes, and errors on standard error.</summary>
public sealed class CommandTests(FittedParts parts)
{
    [Fact]
    public async Task Score_CorruptImageAmongOthers_IsAnErrorAndTheOthersAreJudged()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["corrupt.png"], "no image");
        var (code, output, _) = await Structcore.RunAsync("score", "--banks", parts.Banks, "--models", FittedParts.Models, folder["corrupt.png"], parts.Frame("flange-good"));

        Assert.Equal(1, code);
        Assert.Contains($"ERROR {folder["corrupt.png"]}: ", output, StringComparison.Ordinal);
        Assert.Contains("flange", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "has no images and no category")]
    [InlineData(1, "has 1 good images to fit from, at least 3 are needed")]
    public async Task Fit_TooFewImages_FailsAndWritesNoBank(int images, string expected)
    {
        using var folder = new TemporaryFolder();
        var category = Directory.CreateDirectory(folder["flange"]).FullName;
        for (var i = 0; i < images; i++)
        {
            File.Copy(parts.Frame("flange-good"), Path.Combine(category, $"{i}.png"));
        }

        var (code, output, error) = await Structcore.RunAsync("fit", "--images", category, "--banks", folder["banks"], "--models", FittedParts.Models);

        Assert.Equal(1, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.False(Directory.Exists(folder["banks"]));
    }

    [Theory]
    [InlineData("evaluate", "--images")]
    [InlineData("score", null)]
    public async Task Verb_BankOfAnotherBackbone_NamesBothAndTheRemedy(string verb, string? option)
    {
        using var folder = new TemporaryFolder();
        parts.WriteForeignBank(folder["banks"]);
        string[] images = option is null ? [parts.Frame("flange-good")] : [option, parts.Images];
        var (code, output, error) = await Structcore.RunAsync([verb, "--banks", folder["banks"], "--models", FittedParts.Models, "--backbone", "proc-r10", .. images]);

        Assert.Equal(1, code);
        Assert.Contains("Bank 'flange-v1' was fitted with backbone 'other-s14'", error, StringComparison.Ordinal);
        Assert.Contains("but 'proc-r10'", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Evaluate_FittedParts_EndsWithZero()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = await Structcore.RunAsync("evaluate", "--images", parts.Images, "--banks", parts.Banks, "--models", FittedParts.Models, "--json", folder["evaluation.json"]);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("blister", output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["evaluation.json"]));
    }
}
