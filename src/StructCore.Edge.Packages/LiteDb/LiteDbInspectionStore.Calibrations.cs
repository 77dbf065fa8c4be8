using LiteDB;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Packages.LiteDb;

/// <content>With which calibration each bank version decided.</content>
internal sealed partial class LiteDbInspectionStore
{
    public void SaveCalibration(StoredCalibration calibration) => Write("storing a calibration", store =>
    {
        store.Insert(Collections.Calibration, new BsonDocument { ["_id"] = store.Next("last_calibration"), ["bank_version"] = calibration.BankVersion }
            .With("category", calibration.Category)
            .With("bank_sha256", calibration.BankSha256)
            .With("document", calibration.Document)
            .With("active_since", calibration.ActiveSince));
        return calibration;
    });

    public IReadOnlyList<StoredCalibration> Calibrations(string category) => Read("listing calibrations", store =>
        store.After(Collections.Calibration, 0, int.MaxValue).Where(c => c.Text("category") == category).Select(ReadCalibration).Reverse().ToList());

    private static StoredCalibration ReadCalibration(BsonDocument document) =>
        new(document.Text("category")!, document["bank_version"].AsInt32, document.Text("bank_sha256")!, document.Text("document")!, document.Time("active_since"));
}
