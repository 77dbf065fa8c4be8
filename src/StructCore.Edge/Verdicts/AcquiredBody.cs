using System.Text.Json.Serialization;

namespace StructCore.Edge.Verdicts;

/// <summary>Body of <c>acquired</c>: the part may move on.</summary>
internal sealed record AcquiredBody(
    [property: JsonConverter(typeof(JsonTokenConverter))] string PlcEpoch,
    [property: JsonConverter(typeof(JsonTokenConverter))] string TriggerId,
    string FrameId,
    DateTimeOffset CapturedAt);
