namespace StructCore.Vision.Evaluation;

/// <summary>Walks the distinct scores of good and defective samples from the highest down; at each, positive means score &gt;= threshold (SPEC 9). Both spans are sorted ascending.</summary>
internal ref struct ThresholdWalk(ReadOnlySpan<float> good, ReadOnlySpan<float> defective)
{
    private readonly ReadOnlySpan<float> _good = good;
    private readonly ReadOnlySpan<float> _defective = defective;

    public float Threshold { get; private set; }

    /// <summary>Good samples at or above the threshold.</summary>
    public int FalsePositives { get; private set; }

    /// <summary>Defective samples at or above the threshold: the last so many of the sorted ones.</summary>
    public int TruePositives { get; private set; }

    public bool MoveNext()
    {
        var (goodLeft, defectiveLeft) = (_good.Length - FalsePositives, _defective.Length - TruePositives);
        if (goodLeft == 0 && defectiveLeft == 0)
        {
            return false;
        }

        Threshold = goodLeft == 0 ? _defective[defectiveLeft - 1]
            : defectiveLeft == 0 ? _good[goodLeft - 1]
            : Math.Max(_good[goodLeft - 1], _defective[defectiveLeft - 1]);
        while (goodLeft > 0 && _good[goodLeft - 1] == Threshold)
        {
            goodLeft--;
        }

        while (defectiveLeft > 0 && _defective[defectiveLeft - 1] == Threshold)
        {
            defectiveLeft--;
        }

        (FalsePositives, TruePositives) = (_good.Length - goodLeft, _defective.Length - defectiveLeft);
        return true;
    }
}
