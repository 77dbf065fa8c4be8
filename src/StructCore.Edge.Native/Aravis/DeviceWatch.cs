namespace StructCore.Edge.Native.Aravis;

/// <summary>Asks an open camera several times a second whether it is still there and still ours, on a thread of its own.</summary>
internal sealed class DeviceWatch : IDisposable
{
    // With the time a camera has to answer, one that is gone is known after a second.
    private const int SilencesUntilLost = 3;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly GenICamDevice _device;
    private readonly GvcpProbe? _probe;

    // A camera that does not answer such questions right after it was opened never will: it is left to Aravis.
    private readonly bool _answers;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private volatile string? _failure;

    public DeviceWatch(GenICamDevice device)
    {
        _device = device;
        _probe = device.IsGigE ? new GvcpProbe(device.Address) : null;
        _answers = Ask() != GvcpProbe.Answer.None || Ask() != GvcpProbe.Answer.None;
        _thread = new Thread(Run) { IsBackground = true, Name = "camera watch" };
        _thread.Start();
    }

    /// <summary>Why the camera is lost; null while it is not.</summary>
    public string? Failure => _failure;

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _probe?.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        var silences = 0;
        while (_failure is null && !_stop.Wait(Period))
        {
            var answer = _answers ? Ask() : GvcpProbe.Answer.Held;
            silences = answer == GvcpProbe.Answer.None ? silences + 1 : 0;
            if (silences >= SilencesUntilLost)
            {
                _failure = "does not answer any more";
            }
            else if (answer == GvcpProbe.Answer.Free || !_device.IsController)
            {
                _failure = "is no longer under this agent's control: it was restarted, or its connection was interrupted";
            }
        }
    }

    private GvcpProbe.Answer Ask() => _probe?.Ask() ?? (_device.Answers() ? GvcpProbe.Answer.Held : GvcpProbe.Answer.None);
}
