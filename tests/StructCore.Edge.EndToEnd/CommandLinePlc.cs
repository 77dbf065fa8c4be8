using System.Globalization;

namespace StructCore.Tests;

/// <summary>A PLC of <c>mosquitto_pub</c> and <c>mosquitto_sub</c>, as an integrator tries a station.</summary>
internal sealed class CommandLinePlc : IAsyncDisposable
{
    public const string Answers = "plc/answers";

    private readonly string[] _server;
    private readonly ToolProcess _subscriber;

    public CommandLinePlc(int port)
    {
        _server = ["-V", "5", "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)];
        _subscriber = new("mosquitto_sub", [.. _server, "-q", "1", "-t", Plc.Root + "#", "-t", Answers, "-F", PrintedMessage.Format]);
    }

    /// <summary>Everything that was printed so far on one topic.</summary>
    public IReadOnlyList<PrintedMessage> All(string topic) => Parse(_subscriber.Output, topic);

    public async Task PublishAsync(string payload, params string[] options)
    {
        await using var publisher = new ToolProcess("mosquitto_pub", [.. _server, "-q", "1", "-t", Plc.Root + "trigger", "-m", payload, .. options]);
        Assert.Equal(0, await publisher.WaitAsync());
    }

    /// <summary>What somebody reads who comes only now.</summary>
    public async Task<PrintedMessage> KeptAsync(string topic)
    {
        await using var reader = new ToolProcess("mosquitto_sub", [.. _server, "-C", "1", "-t", topic, "-F", PrintedMessage.Format]);
        Assert.Equal(0, await reader.WaitAsync());
        return Parse(reader.Output, topic).Single();
    }

    /// <summary>Waits until a topic has so many messages; the last of them.</summary>
    public async Task<PrintedMessage> WaitAsync(string topic, Func<PrintedMessage, bool>? condition = null, int count = 1)
    {
        PrintedMessage[] Matching(string output) => [.. Parse(output, topic).Where(condition ?? (_ => true))];
        await _subscriber.WaitForOutputAsync(output => Matching(output).Length >= count, $"{count} on '{topic}'");
        return Matching(_subscriber.Output)[count - 1];
    }

    public ValueTask DisposeAsync() => _subscriber.DisposeAsync();

    private static PrintedMessage[] Parse(string output, string topic) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(PrintedMessage.Parse).Where(m => m.Topic == topic)];
}
