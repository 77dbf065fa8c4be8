namespace StructCore.Edge.Inspection;

/// <summary>
/// Chooses what goes into the scorer's next pass: first come, first served, and together as far as that makes nobody late. What would be late
/// behind the others and is not when it goes now, goes now and alone, where the others can still wait. One caller at a time.
/// </summary>
/// <param name="size">Most images of a pass.</param>
/// <param name="wait">How long an image may wait for others to join it.</param>
/// <param name="time">The monotonic clock of arrivals and deadlines.</param>
internal sealed class BatchPlanner(int size, TimeSpan wait, TimeProvider time)
{
    // A pass may take a quarter more than those before it.
    private const double Caution = 1.25;

    // How much of what is known the latest pass replaces.
    private const double Share = 0.25;

    // By the number of images; 0 where there was no such pass yet.
    private readonly double[] _seconds = new double[size + 1];

    /// <summary>Takes in how long a pass of so many images was.</summary>
    public void Learn(int images, TimeSpan took)
    {
        ref var seconds = ref _seconds[images];
        seconds = seconds == 0 ? took.TotalSeconds : seconds + (Share * (took.TotalSeconds - seconds));
    }

    /// <summary>The next pass, or how long to wait for more images.</summary>
    /// <param name="waiting">In the order they came, at least one.</param>
    public (IReadOnlyList<ScoreRequest> Pass, TimeSpan Wait) Next(IReadOnlyList<ScoreRequest> waiting)
    {
        var now = time.GetTimestamp();
        var count = Math.Min(size, waiting.Count);
        while (count > 1 && waiting.Take(count).Any(r => IsLate(r, Expected(count)) && !IsLate(r, Expected(1))))
        {
            count--;
        }

        var first = waiting.Take(count).ToArray();
        var next = Expected(1) + Expected(first.Count(r => r.Due != long.MaxValue));
        if (waiting.Skip(count).FirstOrDefault(r => !IsLate(r, Expected(1)) && IsLate(r, Expected(count) + Expected(1))) is { } urgent
            && !first.Any(r => !IsLate(r, Expected(count)) && IsLate(r, next)))
        {
            return ([urgent], TimeSpan.Zero);
        }

        return (first, count == waiting.Count && count < size ? Patience(first) : TimeSpan.Zero);

        double Left(ScoreRequest request) => request.Due == long.MaxValue ? double.PositiveInfinity : time.GetElapsedTime(now, request.Due).TotalSeconds;

        bool IsLate(ScoreRequest request, double seconds) => Left(request) < seconds;

        TimeSpan Patience(ScoreRequest[] pass)
        {
            var left = Math.Min(wait.TotalSeconds - time.GetElapsedTime(pass[0].Arrived, now).TotalSeconds, pass.Min(Left) - Expected(count + 1));
            return left > 0 ? TimeSpan.FromSeconds(left) : TimeSpan.Zero;
        }
    }

    // Unknown sizes: as long as one after the other.
    private double Expected(int images) => Caution * (_seconds[images] > 0 ? _seconds[images] : images * _seconds[1]);
}
