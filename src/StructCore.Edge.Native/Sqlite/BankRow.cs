using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Native.Sqlite;

/// <summary>Standings and lines of bank history to parameters, and rows back to them.</summary>
internal static class BankRow
{
    public const string StandingColumns = """
        station, category, active_id, active_version, active_sha256, previous_id, previous_version, previous_sha256, highest_version, since,
        calibration, previous_calibration, calibration_before, highest_calibration, on_probation, probation_starts, dormant
        """;

    public const string EventColumns = "at, station, category, kind, version, reason, signed_by, document_sha256, package_sha256, gates";

    public static void Bind(SqliteParameterCollection parameters, BankStanding standing)
    {
        Add(parameters, "$station", standing.Station);
        Add(parameters, "$category", standing.Category);
        BindBank(parameters, "$active", standing.Active);
        BindBank(parameters, "$previous", standing.Previous);
        Add(parameters, "$highest_version", standing.HighestVersion);
        Add(parameters, "$since", InspectionRow.Time(standing.Since));
        Add(parameters, "$calibration", standing.Calibration);
        Add(parameters, "$previous_calibration", standing.PreviousCalibration);
        Add(parameters, "$calibration_before", standing.CalibrationBefore);
        Add(parameters, "$highest_calibration", standing.HighestCalibration);
        Add(parameters, "$on_probation", standing.OnProbation);
        Add(parameters, "$probation_starts", standing.ProbationStarts);
        Add(parameters, "$dormant", standing.Dormant);
    }

    public static BankStanding ReadStanding(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), ReadBank(row, 2)!, ReadBank(row, 5), row.GetInt32(8), InspectionRow.Time(row.GetString(9)))
    {
        Calibration = InspectionRow.Text(row, 10),
        PreviousCalibration = InspectionRow.Text(row, 11),
        CalibrationBefore = InspectionRow.Text(row, 12),
        HighestCalibration = row.GetInt32(13),
        OnProbation = row.GetBoolean(14),
        ProbationStarts = row.GetInt32(15),
        Dormant = row.GetBoolean(16),
    };

    public static void Bind(SqliteParameterCollection parameters, BankEvent happened)
    {
        Add(parameters, "$at", InspectionRow.Time(happened.At));
        Add(parameters, "$station", happened.Station);
        Add(parameters, "$category", happened.Category);
        Add(parameters, "$kind", (long)happened.Kind);
        Add(parameters, "$version", happened.Version);
        Add(parameters, "$reason", happened.Reason);
        Add(parameters, "$signed_by", string.Join(' ', happened.SignedBy));
        Add(parameters, "$document_sha256", happened.DocumentSha256);
        Add(parameters, "$package_sha256", happened.PackageSha256);
        Add(parameters, "$gates", happened.Gates);
    }

    /// <summary>A row whose first column is the id.</summary>
    public static BankEvent ReadEvent(SqliteDataReader row) => new(
        row.GetInt64(0),
        InspectionRow.Time(row.GetString(1)),
        row.GetString(2),
        InspectionRow.Text(row, 3),
        Happened(row.GetInt32(4)),
        row.GetInt32(5),
        InspectionRow.Text(row, 6),
        row.GetString(7).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        InspectionRow.Text(row, 8),
        InspectionRow.Text(row, 9),
        InspectionRow.Text(row, 10));

    private static void BindBank(SqliteParameterCollection parameters, string prefix, BankIdentity? bank)
    {
        Add(parameters, prefix + "_id", bank?.Id);
        Add(parameters, prefix + "_version", bank?.Version);
        Add(parameters, prefix + "_sha256", bank?.Sha256);
    }

    private static BankIdentity? ReadBank(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : new(row.GetString(column), row.GetInt32(column + 1), row.GetString(column + 2));

    private static BankEventKind Happened(int stored) => Enum.IsDefined((BankEventKind)stored) ? (BankEventKind)stored : throw new FormatException($"kind {stored}");

    private static void Add(SqliteParameterCollection parameters, string name, object? value) => InspectionRow.Add(parameters, name, value);
}
