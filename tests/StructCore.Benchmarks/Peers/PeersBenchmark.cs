using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;

namespace StructCore.Benchmarks.Peers;

/// <summary>Ours beside the usual libraries, round by round in one run, on the same input: the table of <c>scripts/bench-peers</c>.</summary>
internal static class PeersBenchmark
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private static readonly PeerWork[] Works =
    [
        new NearestNeighbourWork(2500), new NearestNeighbourWork(25_000), new CoresetWork(2508, 2508), new CoresetWork(25_088, 2508), new ResizeWork(), new MapWork(),
        .. SharedScrew.Exists ? (PeerWork[])[new StationWork(), new FitWork()] : [],
    ];

    public static int Run(IReadOnlyList<string> arguments)
    {
        var python = new Option<string?>("--python") { Description = "interpreter that has the peers; none: ours alone" };
        var json = new Option<FileInfo?>("--json") { Description = "file for the rows" };
        var only = new Option<string[]>("--only") { Description = "rows whose name begins so: " + string.Join(", ", Works.Select(w => w.Name)) };
        var command = new RootCommand("Ours and the usual libraries in one run") { python, json, only };
        command.SetAction(parsed =>
        {
            var wished = parsed.GetValue(only) is { Length: > 0 } names ? names : [""];
            var works = Works.Where(w => wished.Any(n => w.Name.StartsWith(n, StringComparison.Ordinal))).ToArray();
            if (works.Length == 0)
            {
                Console.Error.WriteLine($"bench-peers: --only '{string.Join("', '", wished)}' names no row (known: {string.Join(", ", Works.Select(w => w.Name))})");
                return 2;
            }

            return Measure(works, parsed.GetValue(python), parsed.GetValue(json)?.FullName);
        });
        return command.Parse(arguments).Invoke();
    }

    private static int Measure(PeerWork[] works, string? python, string? json)
    {
        var folder = Directory.CreateTempSubdirectory("structcore-peers-").FullName;
        try
        {
            Console.WriteLine($"{"work",-80} {"ours ms",10} {"peer ms",10} {"ratio",7} {"spread",13} {"aim",6}");
            using var peers = python is null ? null : new PeerProcess(python, folder);
            var rows = new List<PeerRow>();
            var agreed = true;
            foreach (var work in works)
            {
                var (row, note) = Measure(work, peers, folder);
                rows.Add(row);
                agreed &= note is null;
                Console.WriteLine(Format(row));
                if (note is not null)
                {
                    Console.WriteLine("  NOT THE SAME RESULT: " + note);
                }
            }

            if (json is not null)
            {
                File.WriteAllText(json, JsonSerializer.Serialize(new { rows }, Json) + "\n");
            }

            return agreed ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (PeerRow Row, string? Difference) Measure(PeerWork work, PeerProcess? peers, string folder)
    {
        work.Prepare(folder);
        var missing = peers?.Prepare(work);
        if (missing is not null)
        {
            Console.WriteLine($"  {work.Name}: no peer, Python lacks '{missing}'");
        }

        var peer = missing is null ? peers : null;
        string? difference = null;
        var (ours, theirs) = (new List<double>(), new List<double>());

        // The first round warms both sides up where there are others.
        for (var round = work.Rounds > 1 ? -1 : 0; round < work.Rounds; round++)
        {
            var mine = Repeat(work, out var result);
            var other = peer?.Run(work.Round);
            difference ??= other is { } o ? work.Difference(result.Span, o.Result) : null;
            if (round >= 0)
            {
                ours.Add(mine);
                theirs.Add(other?.Milliseconds / work.PeerShare ?? double.NaN);
            }
        }

        if (peer is null)
        {
            return (new PeerRow(work.Title, Median(ours), null, null, null, null, work.Aim), null);
        }

        var ratios = ours.Zip(theirs, (a, b) => a / b).ToArray();
        return (new PeerRow(work.Title, Median(ours), Median(theirs), Median(ratios), ratios.Min(), ratios.Max(), work.Aim), difference);
    }

    private static double Repeat(PeerWork work, out ReadOnlyMemory<float> result)
    {
        var (times, begin) = (new List<double>(), Stopwatch.GetTimestamp());
        do
        {
            var start = Stopwatch.GetTimestamp();
            result = work.Run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(begin) < work.Round);
        return Median(times);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Format(PeerRow row) => row.PeerMs is null
        ? $"{row.Work,-80} {row.OursMs,10:N2} {"no peer",10} {"-",7} {"-",13} {row.Aim,6:F2}"
        : $"{row.Work,-80} {row.OursMs,10:N2} {row.PeerMs,10:N2} {row.Ratio,7:F3} {$"{row.RatioLow:F3}-{row.RatioHigh:F3}",13} {row.Aim,6:F2}";
}
