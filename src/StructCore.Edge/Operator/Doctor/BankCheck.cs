using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Configuration;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>Loads banks and backbone as the agent does, digests included, and times a blank part against each station's deadline.</summary>
internal static class BankCheck
{
    public static Task RunAsync(AgentOptions options, AdapterSet adapters, TimeProvider time, Findings findings)
    {
        var library = new BankLibrary(options.Banks.Folder);
        using var store = OpenStore(options, adapters);
        var stations = new List<(StationOptions Options, IReadOnlyList<ProductBank> Banks)>();
        foreach (var station in options.Stations)
        {
            Try(station.Name, () => stations.Add((station, store is null ? library.Load(station.Categories) : new StandingChoice(library, store, time, NullLogger<StandingChoice>.Instance).AsTheyStand(station))), findings);
        }

        if (store is not null)
        {
            stations.ForEach(s => DriftCheck.Run(s.Options.Name, s.Banks, store, options.Drift, findings));
        }

        Try("Models", () =>
        {
            using var scorer = ScorerFactory.Open(options.Models, stations.SelectMany(s => s.Banks).FirstOrDefault()?.Manifest.Backbone, time);
            findings.Ok($"backbone '{scorer.Backbone.Name}' on {options.Models.Provider.ToString().ToLowerInvariant()}, digest as its sidecar says");
            foreach (var (station, banks) in stations)
            {
                Try(station.Name, () => Time(station, BankSet.Create(banks, scorer.Backbone), scorer, findings), findings);
            }
        }, findings);
        return Task.CompletedTask;
    }

    // Which banks decide stands there. One that cannot be read has a check of its own.
    private static IInspectionStore? OpenStore(AgentOptions options, AdapterSet adapters)
    {
        try
        {
            return File.Exists(options.Store.Path) ? adapters.ReadStore(options.Store.Path) : null;
        }
        catch (InspectionStoreException)
        {
            return null;
        }
    }

    private static void Time(StationOptions station, BankSet banks, ImageScorer scorer, Findings findings)
    {
        findings.Ok($"{station.Name}: {string.Join(", ", banks.Banks.Select(b => $"{b.Manifest.Id} ({b.Memory.Rows} x {b.Memory.Width})"))}");
        var side = scorer.Backbone.Resize;
        var blank = new RgbImage(side, side, new byte[side * side * RgbImage.Channels]);

        // The first pass compiles and allocates; a part meets the second.
        Pass();
        var took = Pass();
        var allowed = station.DeadlineMs - station.DeadlineMarginMs;
        var text = $"{station.Name}: a blank part takes {took:F0} ms without its camera, {allowed} ms are allowed";
        if (took > allowed)
        {
            findings.Fail($"{text}: every verdict would be ERROR deadline_missed. Take a smaller backbone, a GPU (Models:Provider), or a longer Stations:DeadlineMs.");
        }
        else if (took > station.PassMs)
        {
            findings.Warning($"{text}: with a queue, or another program on this machine, deadlines will be missed. Take a smaller backbone, a GPU, or a longer Stations:DeadlineMs.");
        }
        else
        {
            findings.Ok(text);
        }

        double Pass() => banks.Categories.Max(c => scorer.Score(new ImageToScore(blank, banks, c)).Times.Total.TotalMilliseconds);
    }

    private static void Try(string subject, Action look, Findings findings)
    {
        try
        {
            look();
        }
        catch (Exception e) when (e is InvalidBankException or InvalidBackboneException or ExecutionProviderException)
        {
            foreach (var problem in e.Message.Split(Environment.NewLine))
            {
                findings.Fail($"{subject}: {problem}");
            }
        }
    }
}
