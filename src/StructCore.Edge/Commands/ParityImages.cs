using StructCore.Edge.BankUpdates.Packages;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Commands;

/// <summary>Chooses the images a bank is signed with.</summary>
internal static class ParityImages
{
    /// <summary>Files as they are named; of a folder, as many as asked for, evenly spaced.</summary>
    /// <exception cref="CommandFailedException">None, or more than a package holds.</exception>
    public static IReadOnlyList<string> Choose(IEnumerable<string> paths, int perFolder)
    {
        string[] chosen = [.. paths.SelectMany(path => Directory.Exists(path) ? EvenlySpaced(ImageFiles.In(path), perFolder) : [path])];
        return chosen.Length is > 0 and <= ParitySet.MostCases
            ? chosen
            : throw new CommandFailedException($"--parity '{string.Join("', '", paths)}' gives {chosen.Length} images, 1 to {ParitySet.MostCases} are expected. Name a folder with images of good parts, or image files.");
    }

    private static IEnumerable<string> EvenlySpaced(IReadOnlyList<string> images, int count) =>
        Enumerable.Range(0, Math.Min(count, images.Count)).Select(i => images[(int)((long)i * images.Count / Math.Min(count, images.Count))]);
}
