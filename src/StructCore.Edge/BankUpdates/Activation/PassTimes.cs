namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>What the last parts took, in milliseconds: enough of them that one slow one does not count.</summary>
internal sealed class PassTimes
{
    /// <summary>Fewer parts say nothing.</summary>
    public const int Least = 10;

    /// <summary>Older ones are forgotten.</summary>
    public const int Most = 101;

    private readonly Queue<double> _last = new(Most);

    /// <summary>Null until there were <see cref="Least"/>.</summary>
    public double? Median => _last.Count < Least ? null : _last.Order().ElementAt(_last.Count / 2);

    public void Add(double milliseconds)
    {
        if (_last.Count == Most)
        {
            _last.Dequeue();
        }

        _last.Enqueue(milliseconds);
    }
}
