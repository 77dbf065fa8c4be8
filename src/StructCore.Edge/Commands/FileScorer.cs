using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.Scoring;

namespace StructCore.Edge.Commands;

/// <summary>Routes image files over banks, scores them with the bank they belong to, and writes overlays and maps where folders are named.</summary>
internal sealed class FileScorer
{
    private readonly IImageCodec _codec;
    private readonly ImageScorer _scorer;
    private readonly BankSet _banks;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All banks share one frame mode, since an image is routed before its bank is known.</summary>
    public FileScorer(IImageCodec codec, ImageScorer scorer, IReadOnlyList<ProductBank> banks)
    {
        if (banks.Select(b => b.Manifest.Frame).Distinct().Count() > 1)
        {
            throw new CommandFailedException(
                $"The banks were fitted with different frame modes: {string.Join(", ", banks.Select(b => $"{b.Manifest.Id} {b.Manifest.Frame}"))}. Name the category of the images with --category.");
        }

        (_codec, _scorer, _banks) = (codec, scorer, BankSet.Create(banks, scorer.Backbone));
    }

    /// <summary>The category whose bank judges all images, whatever they are nearest to; null: each is routed.</summary>
    public string? Recipe { get; init; }

    /// <summary>Folder for heat maps over the images, as JPEG.</summary>
    public string? OverlayFolder { get; init; }

    /// <summary>Folder for the anomaly maps, as .npy.</summary>
    public string? MapFolder { get; init; }

    /// <summary>An image that cannot be judged gives an ERROR with the reason; only a file that cannot be written throws.</summary>
    public ScoredFile Score(string path)
    {
        RgbImage frame;
        try
        {
            frame = _codec.Load(path);
        }
        catch (InvalidImageException e)
        {
            return new ScoredFile(path, Decision.Error) { Error = e.Message };
        }

        using var shown = frame;
        var inspected = _scorer.Score(new ImageToScore(frame, _banks, Recipe));
        var (route, bank, scored, _) = inspected;
        if (inspected.Failure is { } failure)
        {
            return new ScoredFile(path, Decision.Error) { Route = inspected.IsUnknown ? route.Distances : null, Error = failure };
        }

        if (!float.IsFinite(scored.Score.Hybrid))
        {
            return new ScoredFile(path, Decision.Error) { Error = $"The score of '{path}' is {scored.Score.Hybrid}, which is no number to compare. Check the backbone '{_scorer.Backbone.Name}'." };
        }

        var name = NameFor(path);
        return new ScoredFile(path, scored.Rejected ? Decision.Reject : Decision.Accept)
        {
            Category = bank.Manifest.Category,
            Bank = bank.Manifest.Id,
            Route = route.Distances,
            Base = scored.Score.Base,
            Struct = scored.Score.Structural,
            Hybrid = scored.Score.Hybrid,
            Threshold = bank.Calibration.Threshold,
            PValue = scored.PValue,
            Overlay = OverlayFolder is null ? null : WriteOverlay(Path.Combine(OverlayFolder, name + ".jpg"), frame, scored, bank),
            Map = MapFolder is null ? null : WriteMap(Path.Combine(MapFolder, name + ".npy"), scored),
        };
    }

    private string WriteOverlay(string target, RgbImage frame, ScoredImage scored, ProductBank bank)
    {
        using var map = scored.DrawMap();
        var (resize, crop) = (_scorer.Backbone.Resize, _scorer.Backbone.Crop);
        Directory.CreateDirectory(OverlayFolder!);
        using var overlay = Overlay.Render(frame, map, bank.Manifest.Frame, resize, crop, bank.Calibration.BaseThreshold);
        using var file = File.Create(target);
        _codec.EncodeJpeg(overlay, file);
        return target;
    }

    private string WriteMap(string target, ScoredImage scored)
    {
        using var map = scored.DrawMap();
        Directory.CreateDirectory(MapFolder!);
        NpyFile.Write(target, map);
        return target;
    }

    /// <summary>The image's name; images of the same name from different folders are told apart by a number.</summary>
    private string NameFor(string path)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        var name = stem;
        for (var copy = 2; !_names.Add(name); copy++)
        {
            name = $"{stem}-{copy}";
        }

        return name;
    }
}
