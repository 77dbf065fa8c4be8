using StructCore.Edge.Verdicts;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Edge.Commands;

/// <summary>Routes image files over banks, scores them with the bank they belong to, and writes overlays and maps where folders are named.</summary>
internal sealed class FileScorer
{
    private readonly IImageCodec _codec;
    private readonly IFeatureExtractor _extractor;
    private readonly IReadOnlyList<ProductBank> _banks;
    private readonly RoutingBank[] _routing;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All banks share one frame mode, since an image is routed before its bank is known.</summary>
    public FileScorer(IImageCodec codec, IFeatureExtractor extractor, IReadOnlyList<ProductBank> banks)
    {
        if (banks.Select(b => b.Manifest.Frame).Distinct().Count() > 1)
        {
            throw new CommandFailedException(
                $"The banks were fitted with different frame modes: {string.Join(", ", banks.Select(b => $"{b.Manifest.Id} {b.Manifest.Frame}"))}. Name the category of the images with --category.");
        }

        foreach (var bank in banks)
        {
            bank.RequireBackbone(extractor.Backbone);
        }

        (_codec, _extractor, _banks) = (codec, extractor, banks);
        _routing = [.. banks.Select(b => b.Routing)];
    }

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

        var features = _extractor.Extract(frame, _banks[0].Manifest.Frame);
        var route = BankRouter.Route(features, _routing);
        var bank = _banks.First(b => b.Manifest.Category == route.Category);
        var scored = bank.Score(features);
        if (!float.IsFinite(scored.Score.Hybrid))
        {
            return new ScoredFile(path, Decision.Error) { Error = $"The score of '{path}' is {scored.Score.Hybrid}, which is no number to compare. Check the backbone '{_extractor.Backbone.Name}'." };
        }

        var name = NameFor(path);
        return new ScoredFile(path, scored.Rejected ? Decision.Reject : Decision.Accept)
        {
            Category = route.Category,
            Bank = bank.Manifest.Id,
            Route = route.Distances,
            Base = scored.Score.Base,
            Struct = scored.Score.Structural,
            Hybrid = scored.Score.Hybrid,
            Threshold = bank.Calibration.Threshold,
            Overlay = OverlayFolder is null ? null : WriteOverlay(Path.Combine(OverlayFolder, name + ".jpg"), frame, scored.DrawMap(), bank),
            Map = MapFolder is null ? null : WriteMap(Path.Combine(MapFolder, name + ".npy"), scored.DrawMap()),
        };
    }

    private string WriteOverlay(string target, RgbImage frame, AnomalyMap map, ProductBank bank)
    {
        var (resize, crop) = (_extractor.Backbone.Resize, _extractor.Backbone.Crop);
        Directory.CreateDirectory(OverlayFolder!);
        File.WriteAllBytes(target, _codec.EncodeJpeg(Overlay.Render(frame, map, bank.Manifest.Frame, resize, crop, bank.Calibration.BaseThreshold)));
        return target;
    }

    private string WriteMap(string target, AnomalyMap map)
    {
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
