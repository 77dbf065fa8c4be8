using System.Text.Json;
using System.Text.Json.Serialization;

namespace StructCore.Edge.Verdicts;

/// <summary>Writes a string that already is a JSON token, so that a PLC gets back the number or text it sent.</summary>
internal sealed class JsonTokenConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader).GetRawText();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value);
}
