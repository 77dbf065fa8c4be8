using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>What a station says on <c>update/state</c>, as far as who published waits for it.</summary>
internal sealed record UpdateWord(string Category, int Version, int? Calibration, string Stage, double? Progress, string? Reason)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true };

    [JsonIgnore]
    public UpdateSubject Subject => new(Category, Version, Calibration);

    /// <summary>Whether the station has nothing more to say about it.</summary>
    [JsonIgnore]
    public bool IsFinal => Stage is "done" or "refused" or "withdrawn";

    [JsonIgnore]
    public bool IsDone => Stage == "done";

    /// <summary>Null where it is none, or about nothing.</summary>
    public static UpdateWord? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<UpdateWord>(json, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => Stage
        + (Stage == "downloading" && Progress is { } share ? string.Create(CultureInfo.InvariantCulture, $" {share:P0}") : "")
        + (Reason is null ? "" : $": {Reason}");
}
