using StructCore.Vision.Scoring;

namespace StructCore.Vision.Evaluation;

/// <summary>Collects the maps of a category's test images one by one and measures them at the end. Not thread-safe.</summary>
/// <remarks>
/// Memory is 4 bytes per pixel, allocated once for all images, and 8 more per defective pixel: 117 MB for 582 maps of 224 x 224, 358 MB at 392 x 392.
/// Good and defective pixels are kept apart, so that one sort of each and one walk down both give all four metrics.
/// </remarks>
public sealed class PixelScores
{
    private readonly float[] _good;
    private readonly List<float> _defective = [];
    private readonly List<int> _regionOf = [];
    private readonly List<int> _regionSizes = [];
    private int _goodCount;

    /// <summary>Room for <paramref name="images"/> maps of <paramref name="mapPixels"/> values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more pixels than one array holds, about 2.1 billion.</exception>
    public PixelScores(int images, int mapPixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        ArgumentOutOfRangeException.ThrowIfNegative(mapPixels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)images * mapPixels, Array.MaxLength, nameof(images));
        _good = new float[images * mapPixels];
    }

    /// <summary>Adds an image without any defective pixel.</summary>
    /// <exception cref="ArgumentException">The map holds a NaN.</exception>
    /// <exception cref="InvalidOperationException">More pixels than there is room for.</exception>
    public void AddGood(AnomalyMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Add(map, new byte[map.Values.Length]);
    }

    /// <summary>Adds an image with its mask.</summary>
    /// <param name="map">[height, width].</param>
    /// <param name="mask">[height, width], more than 0 means defective.</param>
    /// <exception cref="ArgumentException">Mask and map differ in size, or the map holds a NaN.</exception>
    /// <exception cref="InvalidOperationException">More pixels than there is room for.</exception>
    public void Add(AnomalyMap map, ReadOnlySpan<byte> mask)
    {
        ArgumentNullException.ThrowIfNull(map);
        var values = map.Values;
        if (mask.Length != values.Length)
        {
            throw new ArgumentException($"The mask of a {map.Height} x {map.Width} map needs {values.Length} values, got {mask.Length}.", nameof(mask));
        }

        if (_goodCount + _defective.Count + values.Length > _good.Length)
        {
            throw new InvalidOperationException($"There is room for {_good.Length} pixels, this map makes it {_goodCount + _defective.Count + values.Length}.");
        }

        if (values.Contains(float.NaN))
        {
            throw new ArgumentException("The map holds a NaN; pixel scores must be numbers.", nameof(map));
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (mask[i] == 0)
            {
                _good[_goodCount++] = values[i];
            }
        }

        foreach (var region in MaskRegions.Find(mask, map.Width))
        {
            foreach (var pixel in region)
            {
                _defective.Add(values[pixel]);
                _regionOf.Add(_regionSizes.Count);
            }

            _regionSizes.Add(region.Count);
        }
    }

    /// <summary>The metrics of all maps so far; null where no pixel is defective or none is good, since nothing can be measured then.</summary>
    /// <param name="falsePositiveLimit">AUPRO integrates up to this rate, more than 0, at most 1.</param>
    public PixelMetrics? Measure(double falsePositiveLimit = 0.3)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(falsePositiveLimit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(falsePositiveLimit, 1);
        if (_goodCount == 0 || _defective.Count == 0)
        {
            return null;
        }

        var good = _good.AsSpan(0, _goodCount);
        good.Sort();
        var (defective, regionOf) = (_defective.ToArray(), _regionOf.ToArray());
        Array.Sort(defective, regionOf);
        return new PixelMetrics(RankingMetrics.OfSorted(good, defective), Aupro(good, defective, regionOf, falsePositiveLimit));
    }

    /// <summary>Trapezoids over (false positive rate, mean overlap per region) from (0, 0), cut at the limit by linear interpolation.</summary>
    private double Aupro(ReadOnlySpan<float> good, ReadOnlySpan<float> defective, int[] regionOf, double limit)
    {
        double area = 0, lastRate = 0, lastOverlap = 0, overlaps = 0;
        var counted = 0;
        for (var walk = new ThresholdWalk(good, defective); lastRate < limit && walk.MoveNext();)
        {
            for (; counted < walk.TruePositives; counted++)
            {
                overlaps += 1.0 / _regionSizes[regionOf[^(counted + 1)]];
            }

            var (rate, overlap) = ((double)walk.FalsePositives / good.Length, overlaps / _regionSizes.Count);
            if (rate > limit)
            {
                overlap = double.Lerp(lastOverlap, overlap, (limit - lastRate) / (rate - lastRate));
                rate = limit;
            }

            area += (rate - lastRate) * (lastOverlap + overlap) / 2;
            (lastRate, lastOverlap) = (rate, overlap);
        }

        return area / limit;
    }
}
