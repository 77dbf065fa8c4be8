using System.Numerics.Tensors;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Fitting;

/// <summary>
/// Which patches of a rejected image have to become rows for it to be accepted: the one that scores highest, again and again, and of these only what is
/// needed in the end. So a lesson says no more than that what the reject hung on is good.
/// </summary>
internal sealed class LessonRows
{
    private readonly ProductBank _bank;
    private readonly PatchFeatures _features;
    private readonly float[] _rows;
    private readonly float _floor;
    private readonly int _neighbours;
    private readonly float[] _fitted;

    /// <param name="bank">Judges.</param>
    /// <param name="fitted">The rows the image is compared with: the bank's without what was taught.</param>
    /// <param name="features">The image's patches z, [P, width].</param>
    /// <param name="rows">Each patch as it would be kept, [P, width].</param>
    /// <param name="floor">That each would be kept with.</param>
    public LessonRows(ProductBank bank, MemoryBank fitted, PatchFeatures features, float[] rows, float floor)
    {
        (_bank, _features, _rows, _floor, _neighbours) = (bank, features, rows, floor, Math.Min(bank.Manifest.Neighbours, fitted.Rows));
        _fitted = new float[features.Rows * _neighbours];
        Array.Fill(_fitted, float.PositiveInfinity);
        Parallel.For(0, features.Rows, ComputeThreads.Parallel, patch =>
        {
            for (var row = 0; row < fitted.Rows; row++)
            {
                NearestRows.Insert(fitted.Distance(features.Row(patch), row), _fitted.AsSpan(patch * _neighbours, _neighbours));
            }
        });
    }

    /// <summary>
    /// Indices of patches, in the order they were chosen; one that is like no other comes up to k times, a row for each of its neighbours. Empty where
    /// not even P rows have the image accepted, or the fitted rows accept it.
    /// </summary>
    public int[] Choose()
    {
        var chosen = new List<Candidate>();
        for (var scores = Score(chosen); Rejects(scores); scores = Score(chosen))
        {
            if (chosen.Count == _features.Rows)
            {
                return [];
            }

            var highest = Highest(scores, chosen);
            chosen.Add(chosen.Find(c => c.Patch == highest) ?? Measure(highest));
        }

        // What came first, later ones may have made needless.
        for (var i = 0; i < chosen.Count - 1;)
        {
            List<Candidate> others = [.. chosen[..i], .. chosen[(i + 1)..]];
            (chosen, i) = Rejects(Score(others)) ? (chosen, i + 1) : (others, i);
        }

        return [.. chosen.Select(c => c.Patch)];
    }

    private bool Rejects(PatchScores scores) => _bank.Judge(scores, MapStatistics.Of(scores, _bank.Manifest.MapSide)).Rejected;

    private int Highest(PatchScores scores, List<Candidate> chosen)
    {
        var left = scores.Values.ToArray();
        foreach (var (patch, rows) in chosen.CountBy(c => c.Patch))
        {
            left[patch] = rows == _neighbours ? float.NegativeInfinity : left[patch];
        }

        return TensorPrimitives.IndexOfMax<float>(left);
    }

    /// <summary>SPEC 6 against the fitted rows and some of the image's own.</summary>
    private PatchScores Score(List<Candidate> chosen)
    {
        var (scores, nearest) = (new float[_features.Rows], new float[_neighbours]);
        for (var patch = 0; patch < scores.Length; patch++)
        {
            _fitted.AsSpan(patch * _neighbours, _neighbours).CopyTo(nearest);
            chosen.ForEach(c => NearestRows.Insert(c.Distances[patch], nearest));
            scores[patch] = TensorPrimitives.Sum<float>(nearest) / _neighbours;
        }

        return new PatchScores(_features.GridHeight, _features.GridWidth, scores);
    }

    private Candidate Measure(int patch)
    {
        var row = _rows.AsSpan(patch * _features.Width, _features.Width);
        var distances = new float[_features.Rows];
        for (var other = 0; other < distances.Length; other++)
        {
            distances[other] = SquaredDistance.Of(_features.Row(other), row) + _floor;
        }

        return new(patch, distances);
    }

    /// <summary>A patch that may become a row.</summary>
    /// <param name="Patch">Its index.</param>
    /// <param name="Distances">Of all patches to that row, squared and with the floor, [P].</param>
    private sealed record Candidate(int Patch, float[] Distances);
}
