using System.CommandLine;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary>The newest bank of a category, and what was taught to it.</summary>
internal static class TaughtBank
{
    public static Option<string> CreateFolderOption() => new("--banks") { HelpName = "DIR", Description = "Folder of banks; the newest version counts", Required = true };

    /// <summary>The teachings that one word names: a trigger id, or the beginning of an image's SHA-256.</summary>
    public static IReadOnlyList<TaughtImage> Find(ProductBank bank, string? trigger, string? digest) =>
        [.. (bank.Manifest.Taught ?? []).Where(t => trigger is null || t.TriggerId is { } id && (id == trigger || id == $"\"{trigger}\"")).Where(t => digest is null || t.Sha256.StartsWith(digest, StringComparison.OrdinalIgnoreCase))];
}
