using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Native.Sqlite;

/// <content>Which bank each station decides with, and how that came about.</content>
internal sealed partial class SqliteInspectionStore
{
    private const string EventColumns = "at, station, category, kind, version, reason, signed_by, document_sha256, package_sha256, gates";

    public IReadOnlyList<BankStanding> BankStandings() => Read("listing the banks of the stations", sql => All(
        sql.Statement("SELECT station, category, active_id, active_version, active_sha256, previous_id, previous_version, previous_sha256, highest_version, since, calibration, highest_calibration, on_probation, probation_starts, dormant, previous_calibration, calibration_before FROM bank_standing ORDER BY station, category"),
        row => new BankStanding(row.GetString(0), row.GetString(1), new(row.GetString(2), row.GetInt32(3), row.GetString(4)), row.IsDBNull(5) ? null : new(row.GetString(5), row.GetInt32(6), row.GetString(7)), row.GetInt32(8), InspectionRow.Time(row.GetString(9)))
        {
            Calibration = Text(row, 10),
            HighestCalibration = row.GetInt32(11),
            OnProbation = row.GetBoolean(12),
            ProbationStarts = row.GetInt32(13),
            Dormant = row.GetBoolean(14),
            PreviousCalibration = Text(row, 15),
            CalibrationBefore = Text(row, 16),
        }));

    public void SaveStanding(BankStanding standing, BankEvent? because) => Write("storing the bank of a station", sql =>
    {
        var upsert = sql.Statement("""
            INSERT OR REPLACE INTO bank_standing (station, category, active_id, active_version, active_sha256, previous_id, previous_version, previous_sha256, highest_version, since, calibration, highest_calibration, on_probation, probation_starts, dormant, previous_calibration, calibration_before)
            VALUES ($station, $category, $active_id, $active_version, $active_sha256, $previous_id, $previous_version, $previous_sha256, $highest_version, $since, $calibration, $highest_calibration, $on_probation, $probation_starts, $dormant, $previous_calibration, $calibration_before)
            """);
        InspectionRow.Add(upsert.Parameters, "$station", standing.Station);
        InspectionRow.Add(upsert.Parameters, "$category", standing.Category);
        AddBank(upsert.Parameters, "$active", standing.Active);
        AddBank(upsert.Parameters, "$previous", standing.Previous);
        InspectionRow.Add(upsert.Parameters, "$highest_version", standing.HighestVersion);
        InspectionRow.Add(upsert.Parameters, "$since", InspectionRow.Time(standing.Since));
        InspectionRow.Add(upsert.Parameters, "$calibration", standing.Calibration);
        InspectionRow.Add(upsert.Parameters, "$highest_calibration", standing.HighestCalibration);
        InspectionRow.Add(upsert.Parameters, "$on_probation", standing.OnProbation);
        InspectionRow.Add(upsert.Parameters, "$probation_starts", standing.ProbationStarts);
        InspectionRow.Add(upsert.Parameters, "$dormant", standing.Dormant);
        InspectionRow.Add(upsert.Parameters, "$previous_calibration", standing.PreviousCalibration);
        InspectionRow.Add(upsert.Parameters, "$calibration_before", standing.CalibrationBefore);
        upsert.ExecuteNonQuery();
        return because is null ? 0 : AddEvent(sql, because);
    });

    public void AddBankEvent(BankEvent happened) => Write("storing a line of bank history", sql => AddEvent(sql, happened));

    public IReadOnlyList<BankEvent> BankEvents(string? station, string? category, int limit) => Read("reading the bank history", sql =>
    {
        var select = sql.Statement($"SELECT id, {EventColumns} FROM bank_event WHERE ($station IS NULL OR station = $station) AND ($category IS NULL OR category = $category) ORDER BY id DESC LIMIT $limit");
        InspectionRow.Add(select.Parameters, "$station", station);
        InspectionRow.Add(select.Parameters, "$category", category);
        InspectionRow.Add(select.Parameters, "$limit", limit);
        return All(select, row => new BankEvent(
            row.GetInt64(0), InspectionRow.Time(row.GetString(1)), row.GetString(2), Text(row, 3), (BankEventKind)row.GetInt32(4), row.GetInt32(5), Text(row, 6),
            row.GetString(7).Split(' ', StringSplitOptions.RemoveEmptyEntries), Text(row, 8), Text(row, 9), Text(row, 10)));
    });

    public string? TrustDocument() => Read("reading the trust document", sql => (string?)sql.Statement("SELECT document FROM trust").ExecuteScalar());

    public void SaveTrustDocument(string document, BankEvent because) => Write("storing a trust document", sql =>
    {
        var upsert = sql.Statement("INSERT OR REPLACE INTO trust (id, document) VALUES (1, $document)");
        InspectionRow.Add(upsert.Parameters, "$document", document);
        upsert.ExecuteNonQuery();
        return AddEvent(sql, because);
    });

    private static int AddEvent(StoreConnection sql, BankEvent happened)
    {
        var insert = sql.Statement($"INSERT INTO bank_event ({EventColumns}) VALUES ($at, $station, $category, $kind, $version, $reason, $signed_by, $document_sha256, $package_sha256, $gates)");
        InspectionRow.Add(insert.Parameters, "$at", InspectionRow.Time(happened.At));
        InspectionRow.Add(insert.Parameters, "$station", happened.Station);
        InspectionRow.Add(insert.Parameters, "$category", happened.Category);
        InspectionRow.Add(insert.Parameters, "$kind", (int)happened.Kind);
        InspectionRow.Add(insert.Parameters, "$version", happened.Version);
        InspectionRow.Add(insert.Parameters, "$reason", happened.Reason);
        InspectionRow.Add(insert.Parameters, "$signed_by", string.Join(' ', happened.SignedBy));
        InspectionRow.Add(insert.Parameters, "$document_sha256", happened.DocumentSha256);
        InspectionRow.Add(insert.Parameters, "$package_sha256", happened.PackageSha256);
        InspectionRow.Add(insert.Parameters, "$gates", happened.Gates);
        return insert.ExecuteNonQuery();
    }

    private static void AddBank(SqliteParameterCollection parameters, string prefix, BankIdentity? bank)
    {
        InspectionRow.Add(parameters, prefix + "_id", bank?.Id);
        InspectionRow.Add(parameters, prefix + "_version", bank?.Version);
        InspectionRow.Add(parameters, prefix + "_sha256", bank?.Sha256);
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
