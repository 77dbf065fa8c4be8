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

    /// <summary>Adds the banks that are not on record yet.</summary>
    public static void Record(IInspectionStore store, IEnumerable<ProductBank> banks, TimeProvider time)
    {
        foreach (var bank in banks.DistinctBy(b => b.Sha256))
        {
            var manifest = bank.Manifest;
            if (!store.Calibrations(manifest.Category).Any(c => c.BankSha256 == bank.Sha256))
            {
                store.SaveCalibration(new(manifest.Category, manifest.Version, bank.Sha256, JsonSerializer.Serialize(bank.Calibration, Json), time.GetUtcNow()));
            }
        }
    }
}
