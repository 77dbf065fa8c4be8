using System.Diagnostics;
using System.Text;
using StructCore.Edge.Triggers;

namespace StructCore.Tests;

/// <summary>What a test's broker is like. The default lets everyone in without TLS.</summary>
internal sealed record BrokerOptions
{
    /// <summary>User names and passwords; empty: anonymous.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>Lines of the ACL file.</summary>
    public string? AccessControl { get; init; }

    public bool Tls { get; init; }

    public bool RequireClientCertificate { get; init; }

    /// <summary>The broker shows a certificate that has expired.</summary>
    public bool Expired { get; init; }

    /// <summary>The broker shows a certificate for another host.</summary>
    public bool OtherName { get; init; }

    /// <summary>Names that get a client certificate.</summary>
    public IReadOnlyList<string> Clients { get; init; } = [];

    /// <summary>A configuration to run as it is, but for this test's port and folders, with the files beside it; nothing else here counts then.</summary>
    public string? Example { get; init; }

    /// <summary>Sessions and retained messages outlive a restart.</summary>
    public bool Persistence { get; init; }

    /// <summary>The largest packet the broker takes, in bytes.</summary>
    public int? LongestPacket { get; init; }
}

/// <summary>A real mosquitto on a free loopback port, with its files in a folder of its own.</summary>
internal sealed class MosquittoBroker : IAsyncDisposable
{
    private const string Executable = "/usr/sbin/mosquitto";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<DateTimeOffset> _ends = [];
    private readonly List<string> _log = [];
    private readonly List<(Func<string, bool> Matches, TaskCompletionSource Seen)> _waiting = [];
    private Process? _process;

    private MosquittoBroker(BrokerOptions options)
    {
        Directory.CreateDirectory(Folder);
        Certificates = options.Tls || options.Example is not null ? TestCertificates.Create(Path.Combine(Folder, "certificates"), options.Clients) : null;
        Port = LoopbackPort.Free();
        WriteConfiguration(options);
    }

    /// <summary>When it was ended, each time.</summary>
    public IReadOnlyList<DateTimeOffset> Ends => _ends;

    public string Host => "127.0.0.1";

    public int Port { get; }

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "structcore-broker-" + Guid.NewGuid().ToString("N"));

    public TestCertificates? Certificates { get; }

    /// <summary>Skips the calling test where mosquitto is not installed.</summary>
    public static async Task<MosquittoBroker> StartAsync(BrokerOptions? options = null)
    {
        Assert.SkipUnless(File.Exists(Executable), $"needs '{Executable}' (Debian package mosquitto; scripts/setup installs it)");
        var broker = new MosquittoBroker(options ?? new BrokerOptions());
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>How to connect where everyone is let in.</summary>
    public BusConnection Connection(string clientId) => new() { Host = Host, Port = Port, ClientId = clientId, SessionExpiry = TimeSpan.Zero };

    /// <summary>Starts after <see cref="StopAsync"/> or <see cref="KillAsync"/>, on the same port.</summary>
    public async Task StartAgainAsync()
    {
        var running = WaitForLogAsync(line => line.Contains(" running", StringComparison.Ordinal), fromNowOn: true);
        var start = new ProcessStartInfo(Executable, ["-c", Path.Combine(Folder, "mosquitto.conf"), "-v"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        if (await Task.WhenAny(running, _process.WaitForExitAsync()) != running)
        {
            throw new InvalidOperationException($"mosquitto ended with {_process.ExitCode}:\n{Log()}");
        }

        await running;
    }

    /// <summary>Ends it in order: sessions are saved, clients are told.</summary>
    public async Task StopAsync()
    {
        _process!.Send(ProcessSignal.Terminate);
        await EndedAsync();
    }

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await EndedAsync();
    }

    /// <summary>Stops answering; connections stay open.</summary>
    public void Suspend() => _process!.Send(ProcessSignal.Stop);

    public void Resume() => _process!.Send(ProcessSignal.Continue);

    /// <summary>Ends when the broker's log has a matching line.</summary>
    public async Task WaitForLogAsync(Func<string, bool> matches, bool fromNowOn = false)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_log)
        {
            if (!fromNowOn && _log.Any(matches))
            {
                return;
            }

            _waiting.Add((matches, seen));
        }

        await seen.Task.WaitAsync(Patience);
    }

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
        Directory.Delete(Folder, recursive: true);
    }

    private async Task EndedAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(Patience);
        _ends.Add(DateTimeOffset.UtcNow);
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Add(line);
            foreach (var (_, seen) in _waiting.Where(w => w.Matches(line)))
            {
                seen.TrySetResult();
            }
        }
    }

    // As root it would become the user mosquitto, who may not read this folder.
    private static string User => Environment.UserName == "root" ? "user root\n" : "";

    private void WriteExample(string example)
    {
        foreach (var beside in Directory.EnumerateFiles(Path.GetDirectoryName(example)!))
        {
            File.Copy(beside, Path.Combine(Folder, Path.GetFileName(beside)));
        }

        var text = File.ReadAllText(example);
        foreach (var (written, here) in new[] { ("listener 8883", $"listener {Port} 127.0.0.1"), ("/etc/mosquitto/", Folder + "/"), ("/var/lib/mosquitto/", Folder + "/") })
        {
            Assert.Contains(written, text, StringComparison.Ordinal);
            text = text.Replace(written, here, StringComparison.Ordinal);
        }

        File.WriteAllText(Path.Combine(Folder, "mosquitto.conf"), $"{text}\nlog_dest stderr\nlog_type all\n{User}");
    }

    private void WriteConfiguration(BrokerOptions options)
    {
        if (options.Example is { } example)
        {
            WriteExample(example);
            return;
        }

        var lines = new StringBuilder();
        lines.Append($"""
            listener {Port} 127.0.0.1
            log_dest stderr
            log_type all
            allow_anonymous {(options.Users.Count == 0 ? "true" : "false")}
            persistence {(options.Persistence ? "true" : "false")}
            persistence_location {Folder}/

            """);
        lines.Append(User);
        if (options.LongestPacket is { } bytes)
        {
            lines.AppendLine($"max_packet_size {bytes}");
        }

        if (Certificates is { } certificates)
        {
            lines.AppendLine($"cafile {certificates.CaFile}\ncertfile {(options.Expired ? certificates.ExpiredFile : options.OtherName ? certificates.OtherNameFile : certificates.ServerFile)}\nkeyfile {certificates.ServerKeyFile}");
            lines.AppendLine($"require_certificate {(options.RequireClientCertificate ? "true" : "false")}");
        }

        if (options.Users.Count > 0)
        {
            var file = Path.Combine(Folder, "passwords");
            File.WriteAllLines(file, options.Users.Select(u => $"{u.Key}:{u.Value}"));
            using var hashing = Process.Start("mosquitto_passwd", ["-U", file]);
            hashing.WaitForExit();
            Assert.Equal(0, hashing.ExitCode);
            lines.AppendLine($"password_file {file}");
        }

        if (options.AccessControl is { } rules)
        {
            var file = Path.Combine(Folder, "acl");
            File.WriteAllText(file, rules + "\n");
            lines.AppendLine($"acl_file {file}");
        }

        File.WriteAllText(Path.Combine(Folder, "mosquitto.conf"), lines.ToString());
    }
}
