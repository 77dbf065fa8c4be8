using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Telemetry;

/// <summary><c>Telemetry:Otlp</c>: metrics and traces to a collector. What is not set here is taken from the standard variables <c>OTEL_EXPORTER_OTLP_*</c>.</summary>
internal sealed class OtlpOptions
{
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    public const string Grpc = "grpc";
    public const string HttpProtobuf = "http/protobuf";

    /// <summary>Address of the collector, <c>http://127.0.0.1:4317</c>; nothing is exported where neither it nor the variable is set.</summary>
    public string? Endpoint { get; set; }

    /// <summary><c>grpc</c> or <c>http/protobuf</c>; with the latter the paths <c>/v1/metrics</c> and <c>/v1/traces</c> are added to the endpoint.</summary>
    [AllowedValues(null, Grpc, HttpProtobuf)]
    public string? Protocol { get; set; }

    /// <summary>A file whose first line holds headers, <c>name=value,name=value</c>: what a collector wants to see of a key.</summary>
    public string? HeadersFile { get; set; }
}
