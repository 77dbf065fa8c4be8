using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Fitting;

/// <summary>Everything a station needs to judge one product, as one immutable snapshot: memory bank, routing prototypes, calibration.</summary>
/// <remarks>Safe to use from any thread.</remarks>
public sealed class ProductBank
{
    private readonly BankScorer _scorer;
    private readonly PValues? _pValues;

    /// <summary>Puts the parts together; <paramref name="sha256"/> is that of the file they came from.</summary>
    public ProductBank(BankManifest manifest, MemoryBank memory, RoutingBank routing, string sha256)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        (Manifest, Memory, Routing, Sha256) = (manifest, memory, routing, sha256);
        _scorer = new BankScorer(memory, manifest.Neighbours, manifest.MapSide);
        CoverLimit = Fitting.CoverLimit.Of(manifest.Calibration, routing);
        _pValues = PValues.Of(manifest.Calibration);
    }

    private ProductBank(ProductBank other, ScoreCalibration calibration)
    {
        (Manifest, Memory, Routing, Sha256) = (other.Manifest with { Calibration = calibration }, other.Memory, other.Routing, other.Sha256);
        _scorer = other._scorer;
        CoverLimit = Fitting.CoverLimit.Of(calibration, Routing);
        _pValues = PValues.Of(calibration);
    }

    /// <summary>What the bank is and how it decides.</summary>
    public BankManifest Manifest { get; }

    /// <summary>The rows patches are compared with.</summary>
    public MemoryBank Memory { get; }

    /// <summary>The prototypes images are routed by.</summary>
    public RoutingBank Routing { get; }

    /// <summary>SHA-256 of the bank file, lower-case hex; empty for a bank that was not written yet.</summary>
    public string Sha256 { get; }

    /// <summary>How it decides.</summary>
    public ScoreCalibration Calibration => Manifest.Calibration;

    /// <summary>The cover distance beyond which an image is of another product; null where there is no limit.</summary>
    public float? CoverLimit { get; }

    /// <summary>The same bank, deciding by another calibration. Rows, packed search and <see cref="Sha256"/> are this one's, shared.</summary>
    public ProductBank With(ScoreCalibration calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        return new ProductBank(this, calibration);
    }

    /// <summary>Whether an image shows what this product shows: its cover distance is not beyond the limit, where there is one. A distance that is not a number is.</summary>
    /// <param name="route">Over this category and perhaps others.</param>
    public bool Knows(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return CoverLimit is not { } limit || route.CoverDistances[Manifest.Category] <= limit;
    }

    /// <summary>Features to patch scores to image score: SPEC 6 to 8.</summary>
    /// <exception cref="ArgumentException">The features are of another width.</exception>
    public ScoredImage Score(PatchFeatures features)
    {
        // A whole bank is never empty, so there is always a score.
        var (patches, map) = _scorer.Score(features)!.Value;
        return Judge(patches, map);
    }

    /// <summary>The image-level score and decision of SPEC 8, for patches that were scored with this bank's rows, here or elsewhere.</summary>
    /// <param name="patches">s of every patch.</param>
    /// <param name="map">What their map comes to.</param>
    public ScoredImage Judge(PatchScores patches, MapStatistics map)
    {
        ArgumentNullException.ThrowIfNull(patches);
        var score = Calibration.Score(map);
        return new ScoredImage(patches, Manifest.MapSide, map.Structure, score, Calibration.Rejects(score)) { PValue = _pValues?.Of(score.Hybrid) };
    }

    /// <summary>SPEC 6 to phi of SPEC 8 without the rows of one of the images the bank was fitted from; null where that leaves none.</summary>
    internal (PatchScores Patches, MapStatistics Map)? ScoreWithout(int image, PatchFeatures features) => _scorer.Score(features, image);

    /// <summary>Throws where <paramref name="backbone"/> is not the one the bank was fitted with.</summary>
    /// <exception cref="InvalidBankException">Another digest or width; the message names both and the remedy.</exception>
    public void RequireBackbone(BackboneManifest backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        if (Manifest.BackboneSha256 != backbone.Sha256 || Manifest.Width != backbone.Width)
        {
            throw new InvalidBankException(
                $"Bank '{Manifest.Id}' was fitted with backbone '{Manifest.Backbone}' ({Manifest.Width} wide, sha256 {Manifest.BackboneSha256[..12]}), " +
                $"but '{backbone.Name}' ({backbone.Width} wide, sha256 {backbone.Sha256[..12]}) is loaded. Fit the bank again with this backbone, or choose the bank's.");
        }
    }
}
