using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using StructCore.Edge.Configuration;

namespace StructCore.Edge.Telemetry;

/// <summary>
/// Sends metrics and traces to a collector, from threads of its own: spans wait in a bounded queue and are dropped when it is full, metrics are
/// summed up in place. A collector that is away costs a warning, nothing else.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    /// <summary>How long the end of the agent waits for the last export, per signal.</summary>
    private const int FlushMilliseconds = 2000;

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private OtlpExport(OtlpOptions options, ILogger<OtlpExport> log)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("structcore", serviceVersion: ProgramVersion.Number, autoGenerateServiceInstanceId: false, serviceInstanceId: Environment.MachineName)
            .AddEnvironmentVariableDetector();
        var health = new ExportHealth(Exporter(options, "metrics").Endpoint, log);
        var interval = new PeriodicExportingMetricReaderOptions();
        var batch = new BatchExportActivityProcessorOptions();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Instruments.MeterName, "System.Runtime")
            .AddReader(new PeriodicExportingMetricReader(new MetricExporter(Exporter(options, "metrics"), health), interval.ExportIntervalMilliseconds ?? 60_000, interval.ExportTimeoutMilliseconds ?? 30_000))
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(InspectionTrace.SourceName)
            .AddProcessor(new BatchActivityExportProcessor(new SpanExporter(Exporter(options, "traces"), health), batch.MaxQueueSize, batch.ScheduledDelayMilliseconds, batch.ExporterTimeoutMilliseconds, batch.MaxExportBatchSize))
            .Build();
    }

    /// <summary>Begins to export, where the configuration or the environment names a collector; null where not.</summary>
    public static OtlpExport? Start(OtlpOptions options, ILoggerFactory logs) =>
        options.Endpoint is null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(OtlpOptions.EndpointVariable)) ? null : new(options, logs.CreateLogger<OtlpExport>());

    public void Dispose()
    {
        _metrics.Shutdown(FlushMilliseconds);
        _traces.Shutdown(FlushMilliseconds);
        _metrics.Dispose();
        _traces.Dispose();
    }

    private static OtlpExporterOptions Exporter(OtlpOptions options, string signal)
    {
        // A new one holds what the variables say.
        var exporter = new OtlpExporterOptions();
        if (options.Protocol is { } protocol)
        {
            exporter.Protocol = protocol == OtlpOptions.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }

        if (options.Endpoint is { } endpoint)
        {
            exporter.Endpoint = new(exporter.Protocol == OtlpExportProtocol.Grpc ? endpoint : $"{endpoint.TrimEnd('/')}/v1/{signal}");
        }

        if (options.HeadersFile is { } file)
        {
            exporter.Headers = SecretFile.Read(file);
        }

        return exporter;
    }

    private sealed class MetricExporter(OtlpExporterOptions options, ExportHealth health) : OtlpMetricExporter(options)
    {
        public override ExportResult Export(in Batch<Metric> batch) => health.Note(base.Export(batch));
    }

    private sealed class SpanExporter(OtlpExporterOptions options, ExportHealth health) : OtlpTraceExporter(options)
    {
        public override ExportResult Export(in Batch<Activity> batch) => health.Note(base.Export(batch));
    }

    /// <summary>Says once that the collector does not take what it is sent, and once that it does again.</summary>
    private sealed class ExportHealth(Uri endpoint, ILogger<OtlpExport> log)
    {
        private int _failing;

        public ExportResult Note(ExportResult result)
        {
            var failing = result == ExportResult.Success ? 0 : 1;
            if (Interlocked.Exchange(ref _failing, failing) != failing)
            {
                if (failing == 1)
                {
                    log.NotExported(endpoint);
                }
                else
                {
                    log.ExportedAgain(endpoint);
                }
            }

            return result;
        }
    }
}
