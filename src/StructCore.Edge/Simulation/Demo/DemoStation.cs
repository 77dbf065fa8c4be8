using System.Globalization;
using System.Text.Json;
using StructCore.Edge.Commands;
using StructCore.Edge.Simulation.Products;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Simulation.Demo;

/// <summary>Prepares a station as its owner would: images of good parts, banks, a configuration. Everything runs through the executable's own verbs.</summary>
internal sealed class DemoStation(DemoFolders folders, IImageCodec codec)
{
    public const int TrainingParts = 36;

    // Few images of few places: a bank of a hundredth of their patches would be too coarse for small defects.
    private const double CoresetRatio = 0.25;
    private const ulong TrainingSeed = 1_000_000;

    /// <summary>The executable this code runs in.</summary>
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "structcore.exe" : "structcore");

    public static string Root => "sc/v1/demo/line1/station1/";

    public async Task RenderTrainingAsync(CancellationToken cancellationToken)
    {
        foreach (var product in Enum.GetValues<ProductKind>())
        {
            Directory.CreateDirectory(folders.Training(product));
            await Parallel.ForAsync(0, TrainingParts, cancellationToken, (i, _) =>
                SaveAsync(Path.Combine(folders.Training(product), $"{i:D3}.png"), ProductRenderer.Render(product, TrainingSeed + (ulong)i)));
        }
    }

    public Task RenderShiftAsync(IReadOnlyList<PlannedPart> shift, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(shift, cancellationToken, (part, _) =>
            SaveAsync(Path.Combine(folders.Frames, part.FrameFile), ProductRenderer.Render(part.Product, part.Seed, part.Defect)));

    /// <exception cref="CommandFailedException">The verb <c>fit</c> failed.</exception>
    public async Task FitAsync(string backbone, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "fit", "--images", folders.TrainingRoot, "--banks", folders.Banks, "--backbone", backbone,
            "--frame", "full-frame", "--coreset", CoresetRatio.ToString(CultureInfo.InvariantCulture),
        ];
        await using var fit = ChildProcess.Start(Executable, arguments, Path.Combine(folders.Work, "fit.log"));
        if (await fit.WaitForExitAsync(cancellationToken) is not 0 and var code)
        {
            throw new CommandFailedException($"'structcore fit' ended with exit code {code}. It said:{Environment.NewLine}{fit.Tail}");
        }
    }

    public void WriteConfiguration(int brokerPort, string backbone)
    {
        var configuration = new
        {
            Broker = new { Host = "127.0.0.1", Port = brokerPort },
            Store = new { Path = folders.Store },
            Banks = new { Folder = folders.Banks },
            Models = new { Folder = Path.GetDirectoryName(Path.GetFullPath(backbone)) },
            Evidence = new { Folder = folders.Evidence },
            Cameras = new[] { new { Id = "camera1", Kind = "folder", Source = folders.Frames, Loop = false } },
            Stations = new[] { new { Site = "demo", Line = "line1", Id = "station1", Camera = "camera1" } },
        };
        File.WriteAllText(folders.Configuration, JsonSerializer.Serialize(configuration));
    }

    public ChildProcess StartAgent() => ChildProcess.Start(Executable, ["run", "--config", folders.Configuration], folders.AgentLog);

    private async ValueTask SaveAsync(string path, RenderedPart part) => await File.WriteAllBytesAsync(path, codec.EncodePng(part.Image));
}
