namespace StructCore.Vision.Calibration;

/// <summary>The newest values of a kind beside those of the calibration images: how often a new one lies above an old one, and whether that can be chance.</summary>
/// <param name="calibration">At least one, in any order.</param>
/// <param name="capacity">Values that are kept; one more pushes out the oldest.</param>
/// <remarks>Not thread-safe. An addition takes two binary searches and allocates nothing.</remarks>
internal sealed class RecentValues(IEnumerable<float> calibration, int capacity)
{
    private readonly float[] _calibration = [.. calibration.Order()];

    // Of every recent value the pairs it wins against the calibration, ties half; halves add up without error.
    private readonly double[] _wins = new double[capacity];
    private double _sum;
    private long _added;

    public int Count => (int)Math.Min(_added, capacity);

    /// <summary>Share of pairs in which the recent value is the larger one, ties half: 0.5 where nothing has changed.</summary>
    public double Above => _sum / ((double)Count * _calibration.Length);

    /// <summary>Of recent values that lie no higher than the calibration's.</summary>
    public double PHigher => RankSumTest.PValue(_sum, Count, _calibration.Length);

    /// <summary>Of recent values that lie no lower.</summary>
    public double PLower => RankSumTest.PValue(((double)Count * _calibration.Length) - _sum, Count, _calibration.Length);

    public void Add(float value)
    {
        ref var place = ref _wins[_added++ % capacity];
        var wins = (Below(value, orEqual: false) + Below(value, orEqual: true)) / 2d;
        _sum += wins - place;
        place = wins;
    }

    // Calibration values below it: the first place from which they are not.
    private int Below(float value, bool orEqual)
    {
        var (first, end) = (0, _calibration.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = _calibration[middle] < value || (orEqual && _calibration[middle] == value) ? (middle + 1, end) : (first, middle);
        }

        return first;
    }
}
