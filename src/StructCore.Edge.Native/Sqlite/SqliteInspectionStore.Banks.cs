using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <content>Which bank each station decides with, and how that came about.</content>
internal sealed partial class SqliteInspectionStore
{
    private static readonly string InsertStanding = $"INSERT OR REPLACE INTO bank_standing ({BankRow.StandingColumns}) VALUES ({Parameters(BankRow.StandingColumns)})";

    private static readonly string InsertEvent = $"INSERT INTO bank_event ({BankRow.EventColumns}) VALUES ({Parameters(BankRow.EventColumns)})";

    public IReadOnlyList<BankStanding> BankStandings() => Read("listing the banks of the stations", sql =>
        All(sql.Statement($"SELECT {BankRow.StandingColumns} FROM bank_standing ORDER BY station, category"), BankRow.ReadStanding));

    public void SaveStanding(BankStanding standing, BankEvent? because) => Write("storing the bank of a station", sql =>
    {
        var upsert = sql.Statement(InsertStanding);
        BankRow.Bind(upsert.Parameters, standing);
        upsert.ExecuteNonQuery();
        return because is null ? 0 : AddEvent(sql, because);
    });

    public void AddBankEvent(BankEvent happened) => Write("storing a line of bank history", sql => AddEvent(sql, happened));

    public IReadOnlyList<BankEvent> BankEvents(string? station, string? category, int limit) => Read("reading the bank history", sql =>
    {
        var select = sql.Statement($"SELECT id, {BankRow.EventColumns} FROM bank_event WHERE ($station IS NULL OR station = $station) AND ($category IS NULL OR category = $category) ORDER BY id DESC LIMIT $limit");
        InspectionRow.Add(select.Parameters, "$station", station);
        InspectionRow.Add(select.Parameters, "$category", category);
        InspectionRow.Add(select.Parameters, "$limit", limit);
        return All(select, BankRow.ReadEvent);
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
        var insert = sql.Statement(InsertEvent);
        BankRow.Bind(insert.Parameters, happened);
        insert.ExecuteNonQuery();

        // Whoever may write to a topic may have updates refused for ever: they push out each other, and nothing else.
        var delete = sql.Statement("""
            DELETE FROM bank_event WHERE station = $station AND kind = $kind
                AND id <= (SELECT id FROM bank_event WHERE station = $station AND kind = $kind ORDER BY id DESC LIMIT 1 OFFSET $kept)
            """);
        InspectionRow.Add(delete.Parameters, "$station", happened.Station);
        InspectionRow.Add(delete.Parameters, "$kind", (long)happened.Kind);
        InspectionRow.Add(delete.Parameters, "$kept", BankEvent.Kept);
        return delete.ExecuteNonQuery();
    }

    private static string Parameters(string columns) => string.Join(", ", columns.Split(',', StringSplitOptions.TrimEntries).Select(c => "$" + c));
}
