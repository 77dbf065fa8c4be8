using System.Text.Json;
using System.Text.Json.Serialization;

namespace StructCore.Vision.Calibration;

/// <summary><see cref="NormalScores"/> as one base64 string: exact to the bit, and small enough for a signed message.</summary>
internal sealed class NormalScoresConverter : JsonConverter<NormalScores>
{
    public override NormalScores Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var bytes) && NormalScores.FromBytes(bytes) is { } scores
            ? scores
            : throw new JsonException("Normal scores are the base64 of whole rows of 6 float32 values.");

    public override void Write(Utf8JsonWriter writer, NormalScores value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.Bytes);
}
