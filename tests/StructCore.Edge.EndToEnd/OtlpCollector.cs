using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace StructCore.Tests;

/// <summary>A collector on loopback that understands as much of OTLP as the tests ask about, over gRPC or HTTP.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private const int GrpcPrefix = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Dictionary<string, double>> _metrics = new();
    private readonly ConcurrentQueue<OtlpSpan> _spans = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpCollector(bool grpc)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, Port, l => l.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(ReceiveAsync);
    }

    public int Port { get; } = LoopbackPort.Free();

    /// <summary>Paths and API keys of what came.</summary>
    public ConcurrentDictionary<(string Path, string Key), bool> Callers { get; } = new();

    /// <summary>Attributes of the last sender: <c>service.name</c>.</summary>
    public IReadOnlyDictionary<string, string> Resource { get; private set; } = new Dictionary<string, string>();

    public IReadOnlyCollection<OtlpSpan> Spans => _spans;

    public static async Task<OtlpCollector> StartAsync(bool grpc)
    {
        var collector = new OtlpCollector(grpc);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Waits for an export of metrics that is as it should be: data points, <c>name{label=value,…}</c> with the labels in order, and their values; of histograms the count.</summary>
    public Task<Dictionary<string, double>> MetricsAsync(Func<Dictionary<string, double>, bool> condition) => WaitAsync(() => _metrics.FirstOrDefault(condition), () => string.Join('\n', _metrics.LastOrDefault() ?? []));

    public Task<OtlpSpan> SpanAsync(Func<OtlpSpan, bool> condition) => WaitAsync(() => _spans.FirstOrDefault(condition), () => string.Join('\n', _spans));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<T> WaitAsync<T>(Func<T?> find, Func<string> describe)
        where T : class
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (find() is { } found)
            {
                return found;
            }

            try
            {
                await changed.WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"Nothing like that was exported. There came:\n{describe()}");
            }
        }
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var grpc = context.Request.ContentType == "application/grpc";
        var message = ProtoMessage.Parse(body.ToArray().AsSpan(grpc ? GrpcPrefix : 0));
        Callers[(context.Request.Path, context.Request.Headers["api-key"].ToString())] = true;
        var isMetrics = context.Request.Path.Value!.Contains("metrics", StringComparison.OrdinalIgnoreCase);
        foreach (var resource in message.All(1))
        {
            Resource = Labels(resource.One(1), 1);
            if (isMetrics)
            {
                _metrics.Enqueue(resource.All(2).SelectMany(s => s.All(2)).SelectMany(Points).ToDictionary());
            }
            else
            {
                resource.All(2).SelectMany(s => s.All(2)).Select(OtlpSpan.Of).ToList().ForEach(_spans.Enqueue);
            }
        }

        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        context.Response.ContentType = grpc ? "application/grpc" : "application/x-protobuf";
        if (grpc)
        {
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.Body.WriteAsync(new byte[GrpcPrefix]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }

    private static IEnumerable<KeyValuePair<string, double>> Points(ProtoMessage metric)
    {
        string Name(ProtoMessage point, int attributes) => $"{metric.Text(1)}{{{string.Join(',', Labels(point, attributes).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"))}}}";

        var numbers = new[] { 5, 7 }.SelectMany(metric.All).SelectMany(d => d.All(1)).Select(p => KeyValuePair.Create(Name(p, 7), p.Has(6) ? (long)p.Number(6) : p.Double(4)));
        var histograms = metric.All(9).SelectMany(d => d.All(1)).Select(p => KeyValuePair.Create(Name(p, 9), (double)p.Number(4)));
        return numbers.Concat(histograms);
    }

    internal static Dictionary<string, string> Labels(ProtoMessage owner, int field) => owner.All(field).ToDictionary(l => l.Text(1), l => l.One(2).Text(1));
}
