namespace StructCore.Edge.Native.Aravis;

/// <summary>A moment on both clocks: the wall clock and the monotonic one.</summary>
internal readonly record struct Moment(DateTimeOffset Utc, long Timestamp)
{
    private static readonly TimeSpan LongestReading = TimeSpan.FromMilliseconds(1);

    public static Moment Now(TimeProvider time)
    {
        while (true)
        {
            var before = time.GetTimestamp();
            var moment = new Moment(time.GetUtcNow(), time.GetTimestamp());

            // Interrupted between the two, they would not belong together.
            if (time.GetElapsedTime(before, moment.Timestamp) < LongestReading)
            {
                return moment;
            }
        }
    }

    /// <summary>An earlier moment that is known by the wall clock only; not later than this one, even if the clock was set in between.</summary>
    public Moment Before(ulong unixNanoseconds, TimeProvider time)
    {
        var ago = Utc - DateTimeOffset.UnixEpoch.AddTicks((long)(unixNanoseconds / 100));
        return ago > TimeSpan.Zero ? Minus(ago, time) : this;
    }

    public Moment Minus(TimeSpan span, TimeProvider time) => new(Utc - span, Timestamp - (long)(span.TotalSeconds * time.TimestampFrequency));
}
