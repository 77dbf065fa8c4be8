using System.Text.Json;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Edge.Benchmarking;

/// <summary>What was scored and what came out, for another implementation to be compared with: the banks, <c>crops.u1</c> [n, crop, crop, 3] and <c>scores.json</c>.</summary>
internal static class BenchExport
{
    public static void Write(string folder, ImageScorer scorer, BankSet banks, BenchFrames frames)
    {
        Directory.CreateDirectory(folder);
        foreach (var bank in banks.Banks)
        {
            var path = Path.Combine(folder, bank.Manifest.Id + BankFile.Extension);
            File.Delete(path);
            BankFile.Write(bank, folder, bank.Manifest.Created);
        }

        using (var crops = File.Create(Path.Combine(folder, "crops.u1")))
        {
            foreach (var frame in frames.Images)
            {
                using var crop = ImagePreprocessor.Crop(frame, banks.Mode, scorer.Backbone.Resize, scorer.Backbone.Crop);
                crops.Write(crop.Pixels);
            }
        }

        var scored = scorer.Score([.. frames.Images.Select(f => new ImageToScore(f, banks))]);
        var scores = new { category = scored.Select(s => s.Bank.Manifest.Category), hybrid = scored.Select(s => s.Scored.Score.Hybrid) };
        File.WriteAllText(Path.Combine(folder, "scores.json"), JsonSerializer.Serialize(scores) + "\n");
    }
}
