using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StructCore.Tests;

/// <summary>The tree is the architecture: who may know whom.</summary>
public sealed partial class ArchitectureTests
{
    // Later folders may use earlier ones. Fitting comes late: it holds the product bank, which ties everything together.
    private static readonly string[] VisionOrder = ["Imaging", "Onnx", "Features", "MemoryBanks", "Scoring", "Calibration", "Fitting", "ZeroShot", "Inference", "Datasets", "Evaluation"];

    private static string Source => Path.Combine(SharedFiles.Repository, "src");

    [Fact]
    public void Projects_ReferTo_OnlyWhatLiesBelowThem()
    {
        Assert.Equal(["OnnxRuntime"], References("StructCore.Vision"));
        Assert.Equal(["StructCore.Vision"], References("StructCore.Edge"));
        Assert.Equal(["StructCore.Edge"], References("StructCore.Edge.Native"));
        Assert.Equal(["StructCore.Edge"], References("StructCore.Edge.Packages"));
    }

    [Fact]
    public void Vision_Knows_NoHostNoBusNoDatabaseNoClock()
    {
        var packages = Items("StructCore.Vision", "PackageReference");
        Assert.DoesNotContain(packages, p => p.StartsWith("Microsoft.Extensions", StringComparison.Ordinal) || p.Contains("Sqlite", StringComparison.OrdinalIgnoreCase) || p.Contains("Mqtt", StringComparison.OrdinalIgnoreCase) || p == "Polly.Core");
        Assert.All(Files("StructCore.Vision"), f => Assert.DoesNotMatch(@"DateTime(Offset)?\.(Utc)?Now|TimeProvider\.System|using StructCore\.Edge", File.ReadAllText(f)));
    }

    [Fact]
    public void Edge_KnowsNone_OfItsAdapterSets()
    {
        Assert.Empty(Items("StructCore.Edge", "PackageReference").Intersect([.. Items("StructCore.Edge.Native", "PackageReference"), .. Items("StructCore.Edge.Packages", "PackageReference")]));
        Assert.All(Files("StructCore.Edge"), f => Assert.DoesNotMatch(AdapterUsing(), File.ReadAllText(f)));
    }

    [Fact]
    public void VisionFolders_Use_NoLaterStage()
    {
        foreach (var file in Files("StructCore.Vision"))
        {
            var stage = Array.IndexOf(VisionOrder, Path.GetRelativePath(Path.Combine(Source, "StructCore.Vision"), file).Split(Path.DirectorySeparatorChar)[0]);
            var later = VisionUsing().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value).Where(u => stage >= 0 && Array.IndexOf(VisionOrder, u) > stage);
            Assert.True(!later.Any(), $"{file} uses {string.Join(", ", later)}");
        }
    }

    [Fact]
    public void Folders_AreNamed_AfterTheLineNotAfterAKindOfCode()
    {
        string[] refused = ["Core", "Common", "Helpers", "Utils", "Managers", "Interfaces"];
        Assert.DoesNotContain(Directory.GetDirectories(Source, "*", SearchOption.AllDirectories), d => refused.Contains(Path.GetFileName(d)));
    }

    [Fact]
    public void Files_AreShort()
    {
        Assert.All(Files(""), f => Assert.True(File.ReadLines(f).Count() < 500, $"{f} is too long."));
    }

    [Fact]
    public void Exceptions_AreCaughtWhole_OnlyAtTheBoundaries()
    {
        // One inspection, one command over the bus, one update, the loops of a station, the thread of a capture, the command line, one check of the doctor.
        string[] boundaries = ["CaptureThread.cs", "InspectionWorker.cs", "CommandWorker.cs", "UpdateWorker.cs", "LoopGroup.cs", "CommandLineRunner.cs", "Doctor.cs"];
        var catchers = Files("StructCore.Edge").Where(f => CatchAll().IsMatch(File.ReadAllText(f))).Select(Path.GetFileName);
        Assert.Equal(boundaries.Order(), catchers.Order());
    }

    [Fact]
    public void LogEvents_HaveIdsOfTheirOwn()
    {
        var ids = Files("StructCore.Edge").SelectMany(f => EventId().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value).ToArray();
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Distinct(), ids);
    }

    [GeneratedRegex(@"^using (?:static )?StructCore\.Vision\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex VisionUsing();

    [GeneratedRegex(@"^using (?:static )?(?:StructCore\.Edge\.(?:Native|Packages)|MQTTnet|LiteDB|OpenCvSharp|Microsoft\.Data\.Sqlite)\b", RegexOptions.Multiline)]
    private static partial Regex AdapterUsing();

    [GeneratedRegex(@"catch \(Exception( \w+)?\)\s*$", RegexOptions.Multiline)]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"\[LoggerMessage\((\d+),")]
    private static partial Regex EventId();

    private static IEnumerable<string> Files(string project) => Directory.EnumerateFiles(Path.Combine(Source, project), "*.cs", SearchOption.AllDirectories);

    private static IEnumerable<string> References(string project) => Items(project, "ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p)!);

    private static string[] Items(string project, string kind) =>
        [.. XDocument.Load(Path.Combine(Source, project, project + ".csproj")).Descendants(kind).Select(e => e.Attribute("Include")!.Value)];
}
