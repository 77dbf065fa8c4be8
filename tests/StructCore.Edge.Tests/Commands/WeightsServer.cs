using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace StructCore.Tests.Commands;

/// <summary>A web server on this machine that serves files with ranges, and misbehaves as it is told. One request per connection, so that a connection ends exactly where the test says.</summary>
internal sealed partial class WeightsServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public WeightsServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What is served, by path.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Where a path leads instead.</summary>
    public Dictionary<string, string> Redirects { get; } = [];

    public string? EntityTag { get; set; } = "\"one\"";

    /// <summary>Bytes of the next body after which the connection closes; once.</summary>
    public int? BreakAfter { get; set; }

    /// <summary>Whether the length of a body is announced.</summary>
    public bool TellsLength { get; set; } = true;

    /// <summary>Whether bodies are held back until the end.</summary>
    public bool Stalls { get; set; }

    /// <summary>The requests' lines and headers.</summary>
    public List<string> Requests { get; } = [];

    public Uri Address(string path) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{path}");

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _serving.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    [GeneratedRegex(@"^Range: bytes=(\d+)-\r?$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex RangeHeader();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var stream = client.GetStream();

                // Nothing where the client has given up already.
                if (await ReadHeadAsync(stream) is { Length: > 0 } head)
                {
                    await AnswerAsync(stream, head);
                }
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is (OperationCanceledException or SocketException or InvalidOperationException))
        {
            // The test is over.
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) > 0)
        {
            head.Append((char)one[0]);
        }

        Requests.Add(head.ToString());
        return head.ToString();
    }

    private async Task AnswerAsync(NetworkStream stream, string head)
    {
        var path = head.Split(' ')[1];
        if (Redirects.TryGetValue(path, out var location))
        {
            await WriteAsync(stream, "302 Found", [$"Location: {location}"], default);
            return;
        }

        if (!Files.TryGetValue(path, out var content))
        {
            await WriteAsync(stream, "404 Not Found", [], default);
            return;
        }

        var sameFile = !head.Contains("If-Range: ", StringComparison.OrdinalIgnoreCase) || head.Contains($"If-Range: {EntityTag}\r", StringComparison.OrdinalIgnoreCase);
        var from = sameFile && RangeHeader().Match(head) is { Success: true } range ? int.Parse(range.Groups[1].Value) : 0;
        string[] headers = EntityTag is null ? [] : [$"ETag: {EntityTag}"];
        if (from >= content.Length)
        {
            await WriteAsync(stream, "416 Range Not Satisfiable", [.. headers, $"Content-Range: bytes */{content.Length}"], default);
            return;
        }

        await WriteAsync(stream, from > 0 ? "206 Partial Content" : "200 OK", from > 0 ? [.. headers, $"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}"] : headers, content.AsMemory(from));
    }

    private async Task WriteAsync(NetworkStream stream, string status, string[] headers, ReadOnlyMemory<byte> body)
    {
        string[] all = [$"HTTP/1.1 {status}", "Connection: close", .. headers, .. TellsLength ? [$"Content-Length: {body.Length}"] : Array.Empty<string>()];
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", all) + "\r\n\r\n"), _stop.Token);
        if (Stalls)
        {
            await new TaskCompletionSource().Task.WaitAsync(_stop.Token);
        }

        var end = body.Length > 0 && BreakAfter is { } limit ? limit : body.Length;
        BreakAfter = body.Length > 0 ? null : BreakAfter;
        await stream.WriteAsync(body[..end], _stop.Token);
        stream.Socket.Shutdown(SocketShutdown.Send);
    }
}
