using System.Net;

namespace StructCore.Edge.Native.Aravis;

/// <summary>An open camera and its features. Every call goes to the device and may block for seconds where it does not answer; one thread at a time.</summary>
internal sealed unsafe class GenICamDevice : IDisposable
{
    private nint _camera;

    private GenICamDevice(nint camera) => _camera = camera;

    public nint Handle => _camera;

    public bool IsGigE => AravisLibrary.IsGigE(_camera) != 0;

    /// <summary>Whether no other program has the camera. Any thread.</summary>
    public bool IsController => !IsGigE || AravisLibrary.IsController(AravisLibrary.Device(_camera)) != 0;

    /// <summary>Of a GigE Vision camera.</summary>
    public IPAddress Address
    {
        get
        {
            var text = GLibLibrary.AddressText(GLibLibrary.AddressOf(AravisLibrary.GigEAddress(AravisLibrary.Device(_camera))));
            try
            {
                return IPAddress.Parse(AravisLibrary.Text(text));
            }
            finally
            {
                GLibLibrary.Free(text);
            }
        }
    }

    /// <exception cref="AravisException">It is not there, does not answer or describes itself wrongly.</exception>
    public static GenICamDevice Open(string id)
    {
        var camera = AravisLibrary.OpenCamera(id, out var error);
        AravisException.Check(error);
        return new GenICamDevice(camera);
    }

    public bool Has(string feature)
    {
        var has = AravisLibrary.HasFeature(_camera, feature, out var error);
        if (error != 0)
        {
            GLibLibrary.FreeError(error);
        }

        return has != 0;
    }

    public long Get(string feature)
    {
        var value = AravisLibrary.GetInteger(_camera, feature, out var error);
        AravisException.Check(error);
        return value;
    }

    public void Set(string feature, long value)
    {
        AravisLibrary.SetInteger(_camera, feature, value, out var error);
        AravisException.Check(error);
    }

    public (long Lowest, long Highest, long Increment) Bounds(string feature)
    {
        AravisLibrary.IntegerBounds(_camera, feature, out var lowest, out var highest, out var error);
        AravisException.Check(error);
        var increment = AravisLibrary.IntegerIncrement(_camera, feature, out error);
        AravisException.Check(error);
        return (lowest, highest, Math.Max(1, increment));
    }

    public string GetText(string feature)
    {
        var text = AravisLibrary.GetText(_camera, feature, out var error);
        AravisException.Check(error);
        return AravisLibrary.Text(text);
    }

    public void Set(string feature, string value)
    {
        AravisLibrary.SetText(_camera, feature, value, out var error);
        AravisException.Check(error);
    }

    /// <summary>What a feature of names may be set to.</summary>
    public IReadOnlyList<string> Choices(string feature)
    {
        var names = AravisLibrary.Choices(_camera, feature, out var count, out var error);
        try
        {
            AravisException.Check(error);
            return [.. new ReadOnlySpan<nint>(names, (int)count).ToArray().Select(AravisLibrary.Text)];
        }
        finally
        {
            GLibLibrary.Free((nint)names);
        }
    }

    public void Execute(string command)
    {
        AravisLibrary.Execute(_camera, command, out var error);
        AravisException.Check(error);
    }

    /// <summary>Reads the register every USB3 Vision camera begins with; false where it does not answer. Any thread.</summary>
    public bool Answers()
    {
        _ = AravisLibrary.ReadRegister(AravisLibrary.Device(_camera), 0, out _, out var error);
        if (error == 0)
        {
            return true;
        }

        GLibLibrary.FreeError(error);
        return false;
    }

    /// <summary>Gives up the control of the camera; blocks for seconds where it is gone.</summary>
    public void Dispose()
    {
        if (_camera != 0)
        {
            GLibLibrary.Unreference(_camera);
            _camera = 0;
        }
    }
}
