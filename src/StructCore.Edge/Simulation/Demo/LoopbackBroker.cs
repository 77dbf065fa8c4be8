using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using StructCore.Edge.Commands;

namespace StructCore.Edge.Simulation.Demo;

/// <summary>A mosquitto of the demo's own, on a free port that only this machine sees.</summary>
internal sealed class LoopbackBroker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly string[] UsualFolders = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"];

    private readonly ChildProcess _process;

    private LoopbackBroker(ChildProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <exception cref="CommandFailedException">mosquitto is not installed, or does not start.</exception>
    public static async Task<LoopbackBroker> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var configuration = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllLinesAsync(configuration, [$"listener {port} 127.0.0.1", "allow_anonymous true", "persistence false", "set_tcp_nodelay true"], cancellationToken);

        ChildProcess process;
        try
        {
            process = ChildProcess.Start(Find(), ["-c", configuration], Path.Combine(folder, "mosquitto.log"));
        }
        catch (Win32Exception e)
        {
            throw new CommandFailedException($"The broker 'mosquitto' cannot be started: {e.Message}. Install it (scripts/setup does).", e);
        }

        try
        {
            await WaitUntilListeningAsync(process, port, cancellationToken);
            return new LoopbackBroker(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // Debian puts it where the PATH of an ordinary user does not look.
    private static string Find() =>
        UsualFolders.Select(f => Path.Combine(f, "mosquitto")).FirstOrDefault(File.Exists) ?? "mosquitto";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitUntilListeningAsync(ChildProcess process, int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (!process.HasExited && !patience.IsCancellationRequested)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        throw new CommandFailedException($"The broker 'mosquitto' does not listen on 127.0.0.1:{port}. It said:{Environment.NewLine}{process.Tail}");
    }
}
