using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <content>With which calibration each bank version decided.</content>
internal sealed partial class SqliteInspectionStore
{
    public void SaveCalibration(StoredCalibration calibration) => Write("storing a calibration", sql =>
    {
        var insert = sql.Statement("INSERT INTO calibration (category, bank_version, bank_sha256, document, active_since) VALUES ($category, $bank_version, $bank_sha256, $document, $active_since)");
        InspectionRow.Add(insert.Parameters, "$category", calibration.Category);
        InspectionRow.Add(insert.Parameters, "$bank_version", calibration.BankVersion);
        InspectionRow.Add(insert.Parameters, "$bank_sha256", calibration.BankSha256);
        InspectionRow.Add(insert.Parameters, "$document", calibration.Document);
        InspectionRow.Add(insert.Parameters, "$active_since", InspectionRow.Time(calibration.ActiveSince));
        return insert.ExecuteNonQuery();
    });

    public IReadOnlyList<StoredCalibration> Calibrations(string category) => Read("listing calibrations", sql =>
    {
        var select = sql.Statement("SELECT category, bank_version, bank_sha256, document, active_since FROM calibration WHERE category = $category ORDER BY id DESC");
        InspectionRow.Add(select.Parameters, "$category", category);
        return All(select, row => new StoredCalibration(row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetString(3), InspectionRow.Time(row.GetString(4))));
    });
}
