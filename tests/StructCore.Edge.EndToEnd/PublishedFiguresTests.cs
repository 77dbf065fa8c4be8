using System.Globalization;
using System.Text.Json;

namespace StructCore.Tests;

/// <summary>Fit and evaluate on all shared images, as a user would: the figures that an independent implementation gives come out.</summary>
public sealed class PublishedFiguresTests
{
    private const double Percent = 100;

    // Half a minute where nothing else runs.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // Base, struct and hybrid image AUROC, false rejects of hybrid, pixel AUROC and AUPRO, in percent.
    private static readonly Dictionary<string, double[]> ResNet18 = new()
    {
        ["magnetic_tile"] = [94.35, 94.17, 94.53, 5.3, 80.47, 71.02],
        ["pcb"] = [80.69, 77.64, 80.33, 8.7],
        ["screw"] = [96.17, 95.57, 96.17, 12.2, 98.53, 94.21],
    };

    private static readonly Dictionary<string, double[]> Embedded = new()
    {
        ["magnetic_tile"] = [78.9, 80.2, 80.3],
        ["pcb"] = [49.0, 46.6, 46.8],
        ["screw"] = [70.5, 69.8, 69.5],
    };

    [Fact]
    public async Task ResNet18_PaperCalibration_AgreesWithin025Points()
    {
        using var folder = new TemporaryFolder();
        var report = await FitAndEvaluateAsync(folder, await ResNet18Async(folder), "--calibration", "paper", "--distance", "two-sided");
        AssertAgrees(ResNet18, report, 0.25);
        Assert.InRange(report.GetProperty("routing").GetProperty("accuracy").GetDouble(), 0.995, 1);
    }

    [Fact]
    public async Task ResNet18_DefaultCalibration_RejectsFewUnseenGoodParts()
    {
        using var folder = new TemporaryFolder();
        var report = await FitAndEvaluateAsync(folder, await ResNet18Async(folder));
        Assert.InRange(report.GetProperty("mean").GetProperty("hybrid").GetProperty("false_reject").GetDouble(), 0, 0.015);
    }

    [Fact]
    public async Task EmbeddedBackbone_PaperCalibration_AgreesWithinHalfAPoint()
    {
        using var folder = new TemporaryFolder();
        AssertAgrees(Embedded, await FitAndEvaluateAsync(folder, SharedFiles.EmbeddedBackbone, "--calibration", "paper", "--distance", "two-sided"), 0.5);
    }

    private static async Task<string> ResNet18Async(TemporaryFolder folder)
    {
        var network = SharedFiles.RequireShared("models/resnet18-imagenet-l3.onnx");
        await SucceedAsync("backbone", "resnet", "--onnx", network, "--out", folder["resnet18.onnx"]);
        return folder["resnet18.onnx"];
    }

    private static async Task<JsonElement> FitAndEvaluateAsync(TemporaryFolder folder, string backbone, params string[] options)
    {
        var images = SharedFiles.RequireShared("data");
        await SucceedAsync(["fit", "--images", images, "--banks", folder["banks"], "--backbone", backbone, "--coreset", "0.01", .. options]);
        await SucceedAsync("evaluate", "--images", images, "--banks", folder["banks"], "--backbone", backbone, "--json", folder["report.json"]);
        return JsonDocument.Parse(await File.ReadAllBytesAsync(folder["report.json"])).RootElement;
    }

    private static async Task SucceedAsync(params string[] arguments)
    {
        await using var process = Structcore.Start(arguments);
        var code = await process.WaitAsync(Patience);
        Assert.True(code == 0, $"structcore {string.Join(' ', arguments)}: {process.Error}");
    }

    private static void AssertAgrees(Dictionary<string, double[]> expected, JsonElement report, double points)
    {
        foreach (var (category, figures) in expected)
        {
            var measured = report.GetProperty("categories").GetProperty(category);
            string[] paths = ["base.auroc", "struct.auroc", "hybrid.auroc", "hybrid.false_reject", "pixel.auroc", "pixel.aupro"];
            foreach (var (path, figure) in paths.Zip(figures))
            {
                var value = Percent * path.Split('.').Aggregate(measured, (e, name) => e.GetProperty(name)).GetDouble();
                Assert.True(Math.Abs(value - figure) <= points, string.Create(CultureInfo.InvariantCulture, $"{category} {path}: {value:F2}, expected {figure:F2} within {points}"));
            }
        }
    }
}
