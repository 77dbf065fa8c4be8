using System.Text.Json;
using System.Text.Json.Serialization;
using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Storage;

/// <summary>Keeps on record with which calibrations each bank version decided, its own and those that took its place.</summary>
internal static class CalibrationHistory
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Adds what is not on record yet of how the banks decide now.</summary>
    public static void Record(IInspectionStore store, IEnumerable<ProductBank> banks, TimeProvider time)
    {
        foreach (var bank in banks.DistinctBy(b => (b.Sha256, b.Calibration)))
        {
            var (manifest, document) = (bank.Manifest, JsonSerializer.Serialize(bank.Calibration, Json));
            if (!store.Calibrations(manifest.Category).Any(c => c.BankSha256 == bank.Sha256 && c.Document == document))
            {
                store.SaveCalibration(new(manifest.Category, manifest.Version, bank.Sha256, document, time.GetUtcNow()));
            }
        }
    }

    /// <summary>The calibrations a bank is on record with, newest first. One that cannot be read is passed over.</summary>
    public static IEnumerable<(ScoreCalibration Calibration, DateTimeOffset Since)> Of(IInspectionStore store, ProductBank bank) =>
        from stored in store.Calibrations(bank.Manifest.Category)
        where stored.BankSha256 == bank.Sha256
        let calibration = Read(stored.Document)
        where calibration is not null
        select (calibration, stored.ActiveSince);

    private static ScoreCalibration? Read(string document)
    {
        try
        {
            return JsonSerializer.Deserialize<ScoreCalibration>(document, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
