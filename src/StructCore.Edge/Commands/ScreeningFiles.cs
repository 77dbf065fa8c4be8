using System.Globalization;
using StructCore.Vision.Calibration;
using StructCore.Vision.Evaluation.Plots;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.Scoring;
using StructCore.Vision.ZeroShot;

namespace StructCore.Edge.Commands;

/// <summary>The files of a screening: <c>ranking.csv</c>, <c>good.txt</c> with the proposed images, a path per line, and <c>contact-sheet.png</c> with the worst and the best.</summary>
internal static class ScreeningFiles
{
    public const string Ranking = "ranking.csv";
    public const string Good = "good.txt";
    public const string Sheet = "contact-sheet.png";

    private const int Shown = 2 * ContactSheet.Columns;

    public static void Write(string folder, ScreeningReport report, IReadOnlyList<ScreenedImage> screened, BackboneManifest backbone, FrameMode frame, IImageCodec codec)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, Ranking), [
            "rank,image,score,refined,proposed,defective",
            .. report.Images.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Rank},{Quoted(r.Image)},{r.Score:R},{r.Refined:R},{Word(r.Proposed)},{Word(r.Defective)}")),
        ]);
        File.WriteAllLines(Path.Combine(folder, Good), report.ProposedImages().Select(r => Path.GetFullPath(r.Image)).Order(StringComparer.Ordinal));

        // Every patch has some distance to its like; an overlay shows what goes beyond that of half of them.
        var patches = screened.ToDictionary(s => s.Path, s => s.Patches, StringComparer.Ordinal);
        var usual = (float)Quantile.Of(screened.SelectMany(s => s.Patches.Values.ToArray()).Select(v => (double)v), 0.5);
        var level = Math.Max(0, report.Limit - usual);
        var sheet = ContactSheet.Draw(
            ($"The most suspicious of {report.Images.Count} images", Tiles(report.Images.Take(Shown))),
            ("The least suspicious", Tiles(report.Images.TakeLast(Shown))));
        File.WriteAllBytes(Path.Combine(folder, Sheet), codec.EncodePng(sheet));

        SheetTile[] Tiles(IEnumerable<ScreeningReport.Row> rows) => [.. rows.Select(row =>
        {
            var scores = patches[row.Image];
            var beyond = new PatchScores(scores.GridHeight, scores.GridWidth, Array.ConvertAll(scores.Values.ToArray(), s => Math.Max(0, s - usual)));
            using var image = codec.Load(row.Image);
            using var map = AnomalyMap.From(beyond, backbone.Crop);
            var overlay = Overlay.Render(image, map, frame, backbone.Resize, backbone.Crop, level);
            return new SheetTile(overlay, string.Create(CultureInfo.InvariantCulture, $"{row.Rank}  {row.Score:F3}  {Path.GetFileName(row.Image)}"), !row.Proposed);
        })];
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Word(bool? value) => value switch { true => "yes", false => "no", null => "" };
}
