using System.Globalization;
using System.Text.RegularExpressions;

namespace StructCore.Tests;

/// <summary>The demo as somebody runs it who has just installed the project.</summary>
public sealed class DemoTests
{
    private const int Parts = 6;

    [Fact]
    public async Task Demo_ShortShift_HasALinePerPartAndLeavesNothingBehind()
    {
        using var folder = new TemporaryFolder();
        var temporary = Directory.CreateDirectory(folder["tmp"]);

        // A session of its own: whatever the demo starts can be told by it.
        string[] arguments = [Structcore.Executable, "demo", "--parts", $"{Parts}", "--folder", folder["demo"], "--models", FittedParts.Models];
        await using var demo = new ToolProcess("setsid", arguments, ("TMPDIR", temporary.FullName));
        var session = demo.Id;
        var code = await demo.WaitAsync();

        Assert.True(code == 0, demo.Output + demo.Error);
        var lines = demo.Output.Split('\n').Where(l => Regex.IsMatch(l, @"^\d{4}  ")).ToArray();
        Assert.Equal(Enumerable.Range(1, Parts), lines.Select(l => int.Parse(l[..4], CultureInfo.InvariantCulture)));
        Assert.Contains($"verdicts        {Parts} of {Parts} triggers got exactly one", demo.Output, StringComparison.Ordinal);
        Assert.Empty(ProcessesOf(session));
        Assert.Empty(temporary.EnumerateFileSystemInfos());
        Assert.True(File.Exists(Path.Combine(folder["demo"], "agent.log")));
    }

    private static IEnumerable<string> ProcessesOf(int session) =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), out _)
        let status = Read(Path.Combine(folder, "stat"))

        // After the name in brackets: state, parent, group, session.
        where status is not null && status[(status.LastIndexOf(')') + 2)..].Split(' ')[3] == session.ToString(CultureInfo.InvariantCulture)
        select status;

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
