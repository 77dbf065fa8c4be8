using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Commands;

/// <summary>What a store tells of the stations' banks.</summary>
internal sealed record BankHistory(IReadOnlyList<BankStanding> Standings, IReadOnlyList<BankEvent> Events)
{
    public static BankHistory Read(IInspectionStore store, string? station, string? category, int limit) => new(
        [.. store.BankStandings().Where(s => (station is null || s.Station == station) && (category is null || s.Category == category))],
        store.BankEvents(station, category, limit));

    public void Write(string path, TextWriter output)
    {
        if (Standings.Count == 0 && Events.Count == 0)
        {
            output.WriteLine($"No bank was updated remotely, as far as '{path}' tells: the newest file of each category decides.");
            return;
        }

        var table = ResultTable.Create(1, "station", "category", "decides", "since", "before it", "state", "highest version seen");
        foreach (var standing in Standings)
        {
            table.Add(standing.Station, standing.Category, standing.Dormant ? "none" : standing.Active.Id, Text(standing.Since), standing.Previous?.Id ?? "-", State(standing), standing.HighestVersion.ToString(CultureInfo.InvariantCulture));
        }

        ResultTable.Write($"Banks as of '{path}'; a category that is not listed follows its newest file", table, output);
        foreach (var happened in Events)
        {
            output.WriteLine($"{Text(happened.At)}  {happened.Station}  {happened.Category ?? "-"}  {Name(happened.Kind)} {happened.Version}{(happened.SignedBy.Count > 0 ? $", signed by {string.Join(" and ", happened.SignedBy)}" : "")}");
            if (happened.Reason is { } reason)
            {
                output.WriteLine($"    {reason}");
            }
        }
    }

    public string ToJson() => JsonOutput.Format(new
    {
        Standings = Standings.Select(s => new
        {
            s.Station,
            s.Category,
            s.Active,
            s.Previous,
            s.Since,
            s.HighestVersion,
            Calibration = Json(s.Calibration),
            s.HighestCalibration,
            s.OnProbation,
            s.ProbationStarts,
            s.Dormant,
        }),
        History = Events.Select(e => new { e.Id, e.At, e.Station, e.Category, Kind = Name(e.Kind), e.Version, e.Reason, e.SignedBy, e.DocumentSha256, e.PackageSha256, Gates = Json(e.Gates) }),
    });

    private static string State(BankStanding standing) =>
        $"{(standing.Dormant ? "dormant" : standing.OnProbation ? "on probation" : "confirmed")}{(string.IsNullOrEmpty(standing.Calibration) ? "" : $", calibration {standing.HighestCalibration}")}";

    private static string Name(BankEventKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);

    private static JsonNode? Json(string? document) => string.IsNullOrEmpty(document) ? null : JsonNode.Parse(document);
}
