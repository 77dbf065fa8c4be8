using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>Digests of what stands in a backbone's sidecar, so that a bank asks for the same way from frame to features, not for the same network alone.</summary>
internal static class BackboneDigests
{
    /// <summary>Of what turns a frame into the network's input.</summary>
    public static string Preprocess(BackboneManifest backbone, FrameMode mode) => Digest(
    [
        "preprocess 1",
        Number("resize", backbone.Resize),
        Number("crop", backbone.Crop),
        .. backbone.Mean.Select(m => Number("mean", m)),
        .. backbone.Std.Select(s => Number("std", s)),
        $"frame {JsonNamingPolicy.KebabCaseLower.ConvertName(mode.ToString())}",
    ]);

    /// <summary>Of what turns the network's layers into patch features.</summary>
    public static string Fuse(BackboneManifest backbone) => Digest(
    [
        "fuse 1",
        .. backbone.Layers.Select(l => $"layer {l}"),
        $"fuse {backbone.Fuse}",
        backbone.ProjectionSeed is { } seed ? Number("projection", seed) : "projection none",
        Number("grid", backbone.Grid),
        Number("width", backbone.Width),
    ]);

    // Shortest text that reads back as the same number: the same on every machine and in every culture.
    private static string Number<T>(string name, T value)
        where T : IFormattable => $"{name} {value.ToString(value is float ? "R" : null, CultureInfo.InvariantCulture)}";

    private static string Digest(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + '\n')))));
}
