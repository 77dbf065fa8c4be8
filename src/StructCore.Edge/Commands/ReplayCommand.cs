using System.CommandLine;
using System.Globalization;
using StructCore.Edge.Configuration;
using StructCore.Edge.Inspection;
using StructCore.Edge.Replay;
using StructCore.Vision.Inference;

namespace StructCore.Edge.Commands;

/// <summary><c>replay</c>: scores the stored frame of a verdict once more and compares.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var trigger = new Argument<string>("TRIGGER_ID") { Description = "Trigger id, as plain text or as the JSON token that came" };
        var config = new Option<FileInfo>("--config") { HelpName = "FILE", Description = "Configuration file of the agent [default: as for run]" };
        var epoch = new Option<string?>("--plc-epoch") { HelpName = "EPOCH", Description = "PLC epoch, where several records have the trigger id" };
        var station = new Option<string?>("--station") { HelpName = "SITE/LINE/ID", Description = "Station, where several records have the trigger id" };
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Write the report to this file" };
        var command = new Command("replay", """
            Score the stored frame of a verdict again, by the bank version that decided, and compare. Works beside a running agent.
            Exit code 0 only where the verdict is repeated.

            Example:
              structcore replay 000123 --config appsettings.json --plc-epoch 7
            """) { trigger, config, epoch, station, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = AgentConfiguration.Load(parsed.GetValue(config)?.FullName).Options;
            var request = new ReplayRequest(parsed.GetRequiredValue(trigger), parsed.GetValue(epoch), parsed.GetValue(station));
            var report = await ReplayAsync(options, request, cancellationToken);
            Write(report, parsed.InvocationConfiguration.Output);
            if (parsed.GetValue(json) is { } file)
            {
                JsonOutput.Write(file, report);
            }

            return report.Agrees ? CommandLineRunner.Done : CommandLineRunner.Failed;
        });
        return command;
    }

    private static async Task<ReplayReport> ReplayAsync(AgentOptions options, ReplayRequest request, CancellationToken cancellationToken)
    {
        var adapters = AdapterSet.Current;
        var library = new BankLibrary(options.Banks.Folder);
        using var store = adapters.ReadStore(options.Store.Path);
        ImageScorer? scorer = null;
        try
        {
            var replayer = new Replayer(
                store,
                options.Evidence.Folder,
                options.Banks.Folder,
                options.Models.Provider,
                adapters.ImageCodec,
                name => library.Load(options.Stations.Find(s => s.Name == name)?.Categories ?? []),
                bank => new SharedScorer(scorer = ScorerFactory.Open(options.Models, bank.Backbone, TimeProvider.System), options.Models, TimeProvider.System));
            return await replayer.ReplayAsync(request, cancellationToken);
        }
        finally
        {
            scorer?.Dispose();
        }
    }

    private static void Write(ReplayReport report, TextWriter output)
    {
        if (report is { Stored: { } stored, Replayed: { } replayed })
        {
            var table = ResultTable.Create(3, "", "verdict", "category", "route distance", "score", "threshold");
            Add("stored", stored);
            Add("replayed", replayed);
            ResultTable.Write($"Trigger {report.TriggerId}, PLC epoch {report.PlcEpoch}, station {report.Station}, record {report.Seq}", table, output);

            void Add(string name, JudgedFrame judged) =>
                table.Add(name, judged.Verdict, judged.Category ?? "-", Exact(judged.RouteDistance), Exact(judged.Score), Exact(judged.Threshold));
        }

        output.WriteLine($"{(report.Agrees ? "" : "NOT REPEATED: ")}{report.Message}");
    }

    // All digits: two numbers that look the same are the same.
    private static string Exact(float? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
