using Microsoft.Data.Sqlite;
using StructCore.Edge.Native.Sqlite;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Benchmarks.Storage;

/// <summary>A store in a folder of its own that holds many records already.</summary>
internal sealed class FilledStore : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("structcore-benchmark-");

    public FilledStore(int records)
    {
        Store = new SqliteInspectionStore(Path.Combine(_folder.FullName, "station.db"), TimeProvider.System);
        Fill(records);
        Store.Check();
    }

    public SqliteInspectionStore Store { get; }

    /// <summary>A record as a station writes it, with an id no other has.</summary>
    public static InspectionRecord Record(int number)
    {
        var time = Begin.AddSeconds(number);
        var trigger = new AcceptedTrigger("site1/line1/station1", "1763800000", $"\"{Guid.NewGuid()}\"", $"part-{number}", "cap", null, time, time.AddSeconds(2));
        var verdict = new Verdict(Decision.Accept, "score at or below threshold")
        {
            Score = 1.2345f,
            Threshold = 4.5f,
            Category = "cap",
            RouteDistance = 0.1f,
            Bank = new BankIdentity("cap-v3", 3, new string('a', 64)),
            Timings = new StageTimings(0.12, 10.5, 20.25, 3, 4, 40.25),
        };
        return new InspectionRecord(trigger, verdict, $"frame-{number}", time, 12.25, 5, time);
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Delete(recursive: true);
    }

    // In one transaction: one by one each waits for the disk.
    private void Fill(int records)
    {
        var columns = InspectionRow.RecordColumns.Split(',', StringSplitOptions.TrimEntries);
        using var transaction = Store.Writer.BeginTransaction();
        using var insert = new SqliteCommand($"INSERT INTO inspection ({InspectionRow.RecordColumns}) VALUES ({string.Join(", ", columns.Select(c => $"${c}"))})", Store.Writer, transaction);
        var hash = LedgerHash.Genesis;
        for (var i = 1; i <= records; i++)
        {
            var record = LedgerHash.Chain(Record(i) with { Sequence = i }, hash);
            hash = record.Hash;
            insert.Parameters.Clear();
            InspectionRow.Bind(insert.Parameters, record.Trigger);
            InspectionRow.BindVerdict(insert.Parameters, record);
            InspectionRow.Add(insert.Parameters, "$delivered", 1L);
            insert.ExecuteNonQuery();
        }

        using var agent = new SqliteCommand("UPDATE agent SET last_sequence = $sequence, last_hash = $hash", Store.Writer, transaction);
        InspectionRow.Add(agent.Parameters, "$sequence", (long)records);
        InspectionRow.Add(agent.Parameters, "$hash", hash);
        agent.ExecuteNonQuery();
        transaction.Commit();
    }
}
