using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Cameras;
using StructCore.Edge.Drift;
using StructCore.Edge.Operator;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Verdicts;

/// <summary>The JSON of the contract: snake_case names, absent instead of null, decisions in capitals.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter), typeof(DecisionConverter), typeof(AckStatusConverter), typeof(StateConverter), typeof(CameraHealthConverter), typeof(UpdateKindConverter), typeof(UpdateStageConverter), typeof(DriftStateConverter)])]
[JsonSerializable(typeof(AckBody))]
[JsonSerializable(typeof(AcquiredBody))]
[JsonSerializable(typeof(VerdictBody))]
[JsonSerializable(typeof(ResultBody))]
[JsonSerializable(typeof(StateBody))]
[JsonSerializable(typeof(HeartbeatBody))]
[JsonSerializable(typeof(CameraStatus))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(UpdateStateBody))]
[JsonSerializable(typeof(BankStateBody))]
[JsonSerializable(typeof(GateReports))]
internal sealed partial class ContractJson : JsonSerializerContext
{
    /// <summary>What the messages are written with: an apostrophe in a reason stays readable, since no body goes into a web page.</summary>
    public static ContractJson Readable => field ??= new(new JsonSerializerOptions(Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private sealed class DecisionConverter() : JsonStringEnumConverter<Decision>(JsonNamingPolicy.SnakeCaseUpper);

    private sealed class AckStatusConverter() : JsonStringEnumConverter<AckStatus>(JsonNamingPolicy.SnakeCaseLower);

    private sealed class CameraHealthConverter() : JsonStringEnumConverter<CameraHealth>(JsonNamingPolicy.SnakeCaseLower);

    private sealed class UpdateKindConverter() : JsonStringEnumConverter<UpdateKind>(JsonNamingPolicy.SnakeCaseLower);

    private sealed class UpdateStageConverter() : JsonStringEnumConverter<UpdateStage>(JsonNamingPolicy.SnakeCaseLower);

    private sealed class DriftStateConverter() : JsonStringEnumConverter<DriftState>(JsonNamingPolicy.SnakeCaseLower);

    private sealed class StateConverter() : JsonStringEnumConverter<OperatingState>(JsonNamingPolicy.SnakeCaseLower);
}
