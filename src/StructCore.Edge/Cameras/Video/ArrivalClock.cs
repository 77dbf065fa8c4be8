namespace StructCore.Edge.Cameras.Video;

/// <summary>Tells, grab by grab, when the frame that comes out of a live source had come in, and whether it had waited in a buffer before.</summary>
/// <param name="heldBack">How many frames the decoder keeps to itself: what comes out was read so many grabs ago.</param>
internal sealed class ArrivalClock(int heldBack)
{
    // The usual time between two frames follows the last dozen.
    private const double Weight = 1 / 12.0;

    private readonly Queue<Arrival> _inside = new(heldBack + 1);
    private long? _last;
    private double _interval;

    /// <summary>Takes one grab; gives the arrival of the frame that came out of it, null while the decoder fills.</summary>
    public Arrival? Grabbed(long begun, long ended)
    {
        // Frames that are read as they come are waited for. One that is there in less than half the usual time had come before.
        _inside.Enqueue(new Arrival(begun, ended, Waited: ended - begun >= _interval / 2));
        if (_last is { } last)
        {
            // A pause is no rhythm: alone it may only count as some frames that did not come.
            _interval += _interval == 0 ? ended - last : (Math.Min(ended - last, 4 * _interval) - _interval) * Weight;
        }

        _last = ended;
        return _inside.Count > heldBack ? _inside.Dequeue() : null;
    }

    /// <summary>The grab that read a frame, on the monotonic clock.</summary>
    /// <param name="Waited">The frame came during the grab; otherwise it may be of any age.</param>
    internal readonly record struct Arrival(long Begun, long Ended, bool Waited);
}
