using System.CommandLine;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary>Where backbones are looked for: <c>--models</c> or else <c>STRUCTCORE_MODELS</c>, then <c>./models</c>, then <c>models</c> beside the executable.</summary>
internal static class ModelFolders
{
    public const string Variable = "STRUCTCORE_MODELS";

    private const string Folder = "models";

    public static Option<string?> CreateOption() => new("--models")
    {
        HelpName = "DIR",
        Description = $"Folder of backbones, searched before ./{Folder} and the one beside the executable [default: ${Variable}]",
    };

    public static BackboneFolders Open(string? models) =>
        new([.. new[] { Asked(models), Folder, Path.Combine(AppContext.BaseDirectory, Folder) }.OfType<string>().DistinctBy(Path.GetFullPath)]);

    /// <summary>Where a new backbone goes that was given no other place.</summary>
    public static string PathFor(string name, string? models) => Path.Combine(Asked(models) ?? Folder, $"{name}.onnx");

    private static string? Asked(string? models) => models ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null);
}
