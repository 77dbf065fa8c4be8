using StructCore.Edge.BankUpdates;
using StructCore.Edge.Cameras;
using StructCore.Edge.Drift;
using StructCore.Edge.Evidence;
using StructCore.Edge.Inspection;
using StructCore.Edge.Operator;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Configuration;

/// <summary>The whole configuration of the agent: one property per section.</summary>
internal sealed class AgentOptions
{
    public BrokerOptions Broker { get; set; } = new();

    public StoreOptions Store { get; set; } = new();

    public BankOptions Banks { get; set; } = new();

    public UpdateOptions Updates { get; set; } = new();

    public DriftOptions Drift { get; set; } = new();

    public ModelOptions Models { get; set; } = new();

    public EvidenceOptions Evidence { get; set; } = new();

    public HttpOptions Http { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();

    public List<StationOptions> Stations { get; set; } = [];

    public List<CameraOptions> Cameras { get; set; } = [];

    /// <summary>The longest that any broker keeps triggers for an agent that is away.</summary>
    public TimeSpan LongestSession => TimeSpan.FromHours(Stations.Select(s => s.Broker).OfType<BrokerOptions>().Append(Broker).Max(b => b.SessionExpiryHours));
}
