using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Cameras;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Verdicts;

/// <summary>Everything a station says, as MQTT messages.</summary>
internal sealed class Messages(StationTopics topics)
{
    private const string Json = "application/json";

    public BusMessage Ack(string? plcEpoch, string? triggerId, AckStatus status, string? reason = null) =>
        Of(topics.Ack, new AckBody(plcEpoch, triggerId, status, reason), ContractJson.Readable.AckBody);

    public BusMessage Acquired(AcceptedTrigger trigger, string frameId, DateTimeOffset capturedAt) =>
        Of(topics.Acquired, new AcquiredBody(trigger.PlcEpoch, trigger.TriggerId, frameId, capturedAt), ContractJson.Readable.AcquiredBody);

    /// <param name="remaining">Time until the verdict expires: the broker drops it then.</param>
    public BusMessage Verdict(InspectionRecord record, TimeSpan remaining) =>
        Of(topics.Verdict, new VerdictBody(record) { Instance = topics.Instance }, ContractJson.Readable.VerdictBody) with { Expiry = remaining };

    /// <summary><c>trigger_id;code</c> for controllers without a JSON parser.</summary>
    public BusMessage VerdictCode(InspectionRecord record, TimeSpan remaining)
    {
        using var id = JsonDocument.Parse(record.Trigger.TriggerId);
        return new(topics.VerdictCode, Encoding.UTF8.GetBytes($"{id.RootElement};{(int)record.Verdict.Decision}")) { Expiry = remaining, ContentType = "text/plain" };
    }

    public BusMessage Result(InspectionRecord record, bool late) =>
        Of(topics.Results, new ResultBody(record, late) { Instance = topics.Instance }, ContractJson.Readable.ResultBody);

    public BusMessage State(StateBody state) => Of(topics.State, state, ContractJson.Readable.StateBody) with { Retain = true };

    public BusMessage CameraState(CameraStatus camera) =>
        Of(topics.CameraState(camera.Id), camera, ContractJson.Readable.CameraStatus) with { Retain = true };

    public BusMessage BankState(BankStateBody bank) => Of(topics.BankState(bank.Category), bank, ContractJson.Readable.BankStateBody) with { Retain = true };

    public BusMessage UpdateState(UpdateStateBody update) => Of(topics.UpdateState, update, ContractJson.Readable.UpdateStateBody) with { Retain = true };

    public BusMessage Heartbeat(HeartbeatBody heartbeat) =>
        Of(topics.Heartbeat, heartbeat, ContractJson.Readable.HeartbeatBody) with { QualityOfService = QualityOfService.AtMostOnce };

    private static BusMessage Of<T>(string topic, T body, JsonTypeInfo<T> type) =>
        new(topic, JsonSerializer.SerializeToUtf8Bytes(body, type)) { ContentType = Json };
}
