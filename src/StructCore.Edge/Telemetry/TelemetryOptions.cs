namespace StructCore.Edge.Telemetry;

/// <summary><c>Telemetry</c> in the configuration.</summary>
internal sealed class TelemetryOptions
{
    public OtlpOptions Otlp { get; set; } = new();
}
