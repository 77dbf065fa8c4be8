using System.CommandLine;
using System.Diagnostics;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary>What the verbs that write a backbone have in common: the option that says where, and the report at the end.</summary>
internal static class BackboneOutput
{
    public static Option<string> CreateOption() => Checked(new Option<string>("--out") { HelpName = "FILE", Description = "The backbone to write, NAME.onnx; its sidecar NAME.json goes beside it", Required = true });

    public static Option<T> Checked<T>(Option<T> option)
        where T : class?
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is string path && !path.EndsWith(".onnx", StringComparison.Ordinal))
            {
                result.AddError($"{option.Name} is '{path}', expected a file name that ends in .onnx.");
            }
        });
        return option;
    }

    /// <summary>Runs the new backbone once, which proves that it loads, and says what it is.</summary>
    public static void Report(string onnxPath, BackboneManifest manifest, TextWriter output)
    {
        using var extractor = OnnxFeatureExtractor.Open(onnxPath);
        var pixels = new float[3 * manifest.Crop * manifest.Crop];
        extractor.ExtractNormalised(pixels);
        var start = Stopwatch.GetTimestamp();
        extractor.ExtractNormalised(pixels);
        var elapsed = Stopwatch.GetElapsedTime(start);

        output.WriteLine($"Wrote {onnxPath}");
        output.WriteLine($"  {manifest.Family}: {manifest.Crop} x {manifest.Crop} pixels to {manifest.Grid} x {manifest.Grid} patches, {manifest.Width} wide");
        output.WriteLine($"  SHA-256 {manifest.Sha256}");
        output.WriteLine($"  from {manifest.Source}, SHA-256 {manifest.SourceSha256}");
        output.WriteLine($"  one image takes {elapsed.TotalMilliseconds:F0} ms on this processor");
    }
}
