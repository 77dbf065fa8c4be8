using System.Text.Json;

namespace StructCore.Tests;

/// <summary>One line of <c>mosquitto_sub</c>.</summary>
internal sealed record PrintedMessage(bool Retained, int QualityOfService, string Topic, string ContentType, string Correlation, string Payload)
{
    /// <summary>How <c>mosquitto_sub -F</c> is to print it.</summary>
    public const string Format = @"%r\t%q\t%t\t%C\t%D\t%p";

    public JsonElement Json => JsonDocument.Parse(Payload).RootElement;

    public static PrintedMessage Parse(string line)
    {
        var parts = line.Split('\t', 6);
        return new(parts[0] == "1", int.Parse(parts[1]), parts[2], parts[3], parts[4], parts[5]);
    }
}
