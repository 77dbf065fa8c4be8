using System.Text.RegularExpressions;
using StructCore.Edge.Benchmarking;
using StructCore.Edge.Commands;

namespace StructCore.Tests.Commands;

public sealed partial class BenchReportFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["before.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compare_WithAnEarlierRun_GivesNowOverBefore()
    {
        var before = Report(Row("score", 1, 8), Row("score", 4, 20), Row("decode", 1, 3));
        JsonOutput.Write(Path, before);

        var output = Compare(Report(Row("score", 1, 2), Row("score", 4, 30), Row("map", 1, 1)) with { PeakMegabytes = 50 });

        Assert.Equal(["score 1 8 2 0.250 0.250 0.250", "score 4 20 30 1.500 1.500 1.500"], Lines(output).Where(l => l.StartsWith("score ", StringComparison.Ordinal)));
        Assert.DoesNotContain(Lines(output), l => l.StartsWith("decode", StringComparison.Ordinal) || l.StartsWith("map", StringComparison.Ordinal));
        Assert.Contains("Peak memory: ratio 0.500.", output);
        Assert.DoesNotContain("Warning", output);
    }

    [Fact]
    public void Compare_OnOtherHardware_WarnsOfEachDifference()
    {
        var before = Report(Row("score", 1, 8));
        JsonOutput.Write(Path, before);

        var output = Compare(before with { Machine = before.Machine with { Cpu = "another", Gpu = "a card" }, Setup = before.Setup with { BankRows = 7 } });

        Assert.Contains("Warning: the processor was a processor, is another", output);
        Assert.Contains("Warning: the GPU was none, is a card", output);
        Assert.Contains("Warning: the bank was 1 x 100 rows, is 1 x 7 rows", output);
        Assert.Equal(3, output.Split("Warning").Length - 1);
    }

    [Theory]
    [InlineData("""{ "schema": 2 }""", "has schema 2; this version compares 1")]
    [InlineData("{ }", "has schema none; this version compares 1")]
    [InlineData("[]", "has schema none; this version compares 1")]
    [InlineData("""{ "schema": 1 }""", "cannot be compared with: ")]
    [InlineData("{", "cannot be compared with: ")]
    public void Read_OfSomethingElse_IsRefused(string text, string expected)
    {
        File.WriteAllText(Path, text);
        Assert.Contains(expected, Assert.Throws<CommandFailedException>(() => BenchReportFile.Read(Path)).Message);
    }

    [Fact]
    public void Read_OfAFileThatIsNotThere_IsRefused() => Assert.Contains(Path, Assert.Throws<CommandFailedException>(() => BenchReportFile.Read(Path)).Message);

    private string Compare(BenchReport now)
    {
        var output = new StringWriter();
        BenchReportFile.Read(Path).Compare(now, output);
        return output.ToString();
    }

    /// <summary>Lines with single blanks between their cells.</summary>
    private static IEnumerable<string> Lines(string table) => table.Split('\n').Select(l => Blanks().Replace(l.Trim(), " "));

    [GeneratedRegex(" +")]
    private static partial Regex Blanks();

    private static BenchRow Row(string stage, int batch, double ms) =>
        new() { Stage = stage, Batch = batch, Calls = 10, MedianMs = ms, P99Ms = 2 * ms, ImagesPerSecond = 1000 * batch / ms, AllocatedBytesPerImage = 10 * ms };

    private static BenchReport Report(params BenchRow[] rows) => new()
    {
        Schema = BenchReport.CurrentSchema,
        Machine = new() { Program = "1", OnnxRuntime = "2", Dotnet = "3", System = "4", Cpu = "a processor", Cores = 2 },
        Setup = new()
        {
            Backbone = "net",
            BackboneSha256 = new string('a', 64),
            Provider = "cpu",
            Device = 0,
            Precision = "fp32",
            Threads = 0,
            FrameHeight = 64,
            FrameWidth = 64,
            Frames = "rendered",
            Bank = "synthetic",
            BankRows = 100,
            BankWidth = 8,
            Categories = 1,
        },
        Rows = rows,
        LeftOut = [],
        PeakMegabytes = 100,
    };
}
