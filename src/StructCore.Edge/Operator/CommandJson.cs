using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using StructCore.Edge.Replay;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Operator;

/// <summary>The JSON of answers to commands, in the manner of the contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(StatusConverter), typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(CommandBody))]
[JsonSerializable(typeof(SelfTestReport))]
[JsonSerializable(typeof(ReloadReport))]
[JsonSerializable(typeof(RollbackReport))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(TeachReport))]
internal sealed partial class CommandJson : JsonSerializerContext
{
    /// <summary>Quotes in a reason stay readable, since no answer goes into a web page.</summary>
    public static CommandJson Readable => field ??= new(new JsonSerializerOptions(Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private sealed class StatusConverter() : JsonStringEnumConverter<CommandStatus>(JsonNamingPolicy.SnakeCaseLower);
}
