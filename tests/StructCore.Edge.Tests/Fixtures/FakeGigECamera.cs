using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StructCore.Tests;

/// <summary>What a test's GigE Vision camera is like.</summary>
internal sealed record FakeCameraOptions
{
    /// <summary>Sensor rows and columns, multiples of 4.</summary>
    public (int Height, int Width) Sensor { get; init; } = (24, 32);

    /// <summary>Of 1,000 stream packets so many are never sent; the camera cannot send one again.</summary>
    public double LostPerMille { get; init; }

    /// <summary>Describes itself as Aravis made it, 2048 x 2048, instead of by <see cref="FakeCameraDescription"/>.</summary>
    public bool BuiltInDescription { get; init; }
}

/// <summary>
/// The GigE Vision camera of aravis-tools, on 127.0.0.1. Its control port is fixed and it binds to no other loopback address, so there is
/// one per machine: whoever starts a second waits, also in another process, until the first is disposed.
/// </summary>
internal sealed partial class FakeGigECamera : IAsyncDisposable
{
    private const string Executable = "/usr/bin/arv-fake-gv-camera-0.8";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<string> _log = [];
    private readonly FakeCameraOptions _options;
    private readonly SafeFileHandle _turn;
    private Process? _process;

    private FakeGigECamera(FakeCameraOptions options, SafeFileHandle turn) => (_options, _turn) = (options, turn);

    public string Address => "127.0.0.1";

    /// <summary>Unlike that of any other camera a test may find.</summary>
    public string Serial { get; } = "SC" + Guid.NewGuid().ToString("N")[..10];

    private string DescriptionFile => Path.Combine(Path.GetTempPath(), $"structcore-camera-{Serial}.xml");

    /// <summary>Skips the calling test where aravis-tools is not installed.</summary>
    public static async Task<FakeGigECamera> StartAsync(FakeCameraOptions? options = null)
    {
        Assert.SkipUnless(File.Exists(Executable), $"needs '{Executable}' (Debian package aravis-tools; scripts/setup installs it)");
        var camera = new FakeGigECamera(options ?? new FakeCameraOptions(), await TakeTurnAsync());
        try
        {
            await camera.StartAgainAsync();
            return camera;
        }
        catch
        {
            await camera.DisposeAsync();
            throw;
        }
    }

    /// <summary>Plugs it in again after <see cref="KillAsync"/>; it has forgotten all settings.</summary>
    public async Task StartAgainAsync()
    {
        List<string> arguments = ["-i", Address, "-s", Serial, "-d", "device:2", "-r", FormattableString.Invariant($"{_options.LostPerMille}")];
        if (!_options.BuiltInDescription)
        {
            await File.WriteAllTextAsync(DescriptionFile, FakeCameraDescription.Of(_options.Sensor.Height, _options.Sensor.Width));
            arguments.AddRange(["-g", DescriptionFile]);
        }

        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = new ProcessStartInfo(Executable, arguments) { RedirectStandardError = true, RedirectStandardOutput = true }, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Note(line.Data, listening);
        _process.ErrorDataReceived += (_, line) => Note(line.Data, listening);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (await Task.WhenAny(listening.Task, _process.WaitForExitAsync()).WaitAsync(Patience) != listening.Task || Log().Contains("Failed to bind GVCP", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The fake camera does not listen on {Address}:3956, is there another one?\n{Log()}");
        }
    }

    /// <summary>Unplugs it: it is gone without a word.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Stops answering and sending.</summary>
    public void Suspend() => _process!.Send(ProcessSignal.Stop);

    public void Resume() => _process!.Send(ProcessSignal.Continue);

    /// <summary>What stands in one of its registers, read as any program on the network can.</summary>
    public async Task<uint> ReadRegisterAsync(ushort address)
    {
        using var socket = new UdpClient();
        socket.Connect(Address, 3956);
        await socket.SendAsync(new byte[] { 0x42, 1, 0, 0x80, 0, 4, 0, 1, 0, 0, (byte)(address >> 8), (byte)address });
        var answer = await socket.ReceiveAsync().WaitAsync(Patience);
        return BinaryPrimitives.ReadUInt32BigEndian(answer.Buffer.AsSpan(8));
    }

    /// <summary>What it has been told, a line for each register.</summary>
    public string Log()
    {
        lock (_log)
        {
            return string.Join('\n', _log);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        File.Delete(DescriptionFile);
        _turn.Dispose();
    }

    /// <summary>Held as long as the file is open, whatever becomes of this process. Not by File.OpenHandle: that locks by itself and does not wait.</summary>
    private static Task<SafeFileHandle> TakeTurnAsync() => Task.Factory.StartNew(
        () =>
        {
            const int createAndCloseOnExecution = 0x80040;
            const int everybody = 0x1B6;
            const int exclusive = 2;
            var file = new SafeFileHandle(Open(Path.Combine(Path.GetTempPath(), "structcore-fake-camera.lock"), createAndCloseOnExecution, everybody), ownsHandle: true);
            Assert.Equal(0, Lock(file, exclusive));
            return file;
        },
        TaskCreationOptions.LongRunning);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    private void Note(string? line, TaskCompletionSource listening)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Add(line);
        }

        if (line.Contains("Listening to", StringComparison.Ordinal))
        {
            listening.TrySetResult();
        }
    }
}
