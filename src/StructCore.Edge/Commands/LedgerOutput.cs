using System.Globalization;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Commands;

/// <summary>A walk along the ledger, for people.</summary>
internal static class LedgerOutput
{
    public static void Write(LedgerReport report, string path, TextWriter output)
    {
        var covered = string.Create(CultureInfo.InvariantCulture, $"{report.Records:N0} records");
        output.WriteLine(report.Intact
            ? $"The ledger of '{path}' is intact: {covered}, head {report.Head} with hash {report.HeadHash}."
            : $"The ledger of '{path}' is BROKEN in {report.BreaksFound} places: {covered}, head {report.Head} with hash {report.HeadHash}.");
        if (report.Begin > 0)
        {
            output.WriteLine($"It begins behind record {report.Begin}: older ones were removed by retention or are older than the ledger{(report.Older > 0 ? $" ({report.Older} of these are there, and not covered)" : "")}.");
        }

        foreach (var found in report.Breaks)
        {
            output.WriteLine($"  {found.Kind}: {found.Text}");
        }

        if (report.BreaksFound > report.Breaks.Count)
        {
            output.WriteLine($"  and {report.BreaksFound - report.Breaks.Count} more.");
        }
    }
}
