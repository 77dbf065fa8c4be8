namespace StructCore.Vision.Evaluation;

/// <summary>Milliseconds of one image, or their mean over images.</summary>
/// <param name="Decode">File to RGB.</param>
/// <param name="Features">Preprocessing and backbone.</param>
/// <param name="Routing">Distances to all categories.</param>
/// <param name="Score">Nearest rows, map and image score.</param>
public readonly record struct StageMilliseconds(double Decode, double Features, double Routing, double Score)
{
    /// <summary>All stages one after the other.</summary>
    public double Whole => Decode + Features + Routing + Score;

    /// <summary>The mean of every stage; zeros of none.</summary>
    public static StageMilliseconds Mean(IReadOnlyCollection<StageMilliseconds> images) => images.Count == 0 ? default
        : new(images.Average(i => i.Decode), images.Average(i => i.Features), images.Average(i => i.Routing), images.Average(i => i.Score));
}
