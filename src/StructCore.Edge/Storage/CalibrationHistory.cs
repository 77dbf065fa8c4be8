using System.Text.Json;
using System.Text.Json.Serialization;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Storage;

/// <summary>Keeps on record with which calibration each bank version decided.</summary>
internal static class CalibrationHistory
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Adds the banks that are not on record yet as they decide now.</summary>
    public static void Record(IInspectionStore store, IEnumerable<ProductBank> banks, TimeProvider time)
    {
        foreach (var bank in banks.DistinctBy(b => b.Sha256))
        {
            var manifest = bank.Manifest;
            var document = JsonSerializer.Serialize(bank.Calibration, Json);
            if (store.Calibrations(manifest.Category).FirstOrDefault(c => c.BankSha256 == bank.Sha256)?.Document != document)
            {
                store.SaveCalibration(new(manifest.Category, manifest.Version, bank.Sha256, document, time.GetUtcNow()));
            }
        }
    }
}
