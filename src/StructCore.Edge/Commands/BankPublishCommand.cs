using System.CommandLine;
using System.Globalization;
using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Triggers;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary><c>bank publish</c>: sends a signed package, calibration or trust chain to stations.</summary>
internal static class BankPublishCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A signed package (.scbank), a signed calibration, or a chain of trust documents" };
        var broker = new UpdateBroker();
        var web = new Option<string?>("--web") { HelpName = "DIR", Description = "Put the package there as CATEGORY/CATEGORY-vN.scbank; a web server gives that folder out as the stations' Updates:BaseUrl" };
        var chunks = new Option<bool>("--chunks") { Description = "Send the package through the broker, for stations without Updates:BaseUrl" };
        var leave = new Option<string?>("--override") { HelpName = "FILE", Description = "Signed leave to go back to an older or withdrawn version: structcore bank override" };
        var wait = new Option<bool>("--wait") { Description = "Wait until every station has taken or refused it; exit code 1 where one does not take it" };
        var timeout = new Option<int>("--timeout") { HelpName = "SECONDS", Description = "Longest wait of --wait", DefaultValueFactory = _ => 3600 };
        var command = new Command("publish", """
            Check a signed package, calibration or trust chain, and send it to stations. They fetch and try it by themselves; the line goes on meanwhile.

            Examples:
              structcore bank publish packages/cap-v7.scbank --web /srv/banks --broker broker:8883 --ca ca.pem --user updates --password-file secret.txt --station site1/line1/station1 --wait
              structcore bank publish packages/cap-v7.scbank --chunks --broker broker --station site1/line1/station1 --station site1/line1/station2
              structcore bank publish trust.json --broker broker --station site1/line1/station1
            """) { file, web, chunks, leave, wait, timeout };
        broker.AddTo(command);
        command.Validators.Add(result =>
        {
            var isPackage = IsPackage(result.GetValue(file) ?? "");
            if (isPackage == (result.GetValue(web) is null == !result.GetValue(chunks)))
            {
                result.AddError(isPackage ? "A package is sent with either --web DIR or --chunks." : $"--web and --chunks are for packages (*{BankFile.Extension}).");
            }

            if (!isPackage && result.GetValue(leave) is not null)
            {
                result.AddError($"--override is for packages (*{BankFile.Extension}).");
            }
        });
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--timeout is 1 second or more.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            var publication = Read(path, parsed.GetValue(leave));
            var waiting = parsed.GetValue(wait) ? publication.Subject ?? throw new CommandFailedException("Stations say nothing about a trust chain. Leave --wait out.") : (UpdateSubject?)null;
            if (parsed.GetValue(web) is { } folder)
            {
                CopyTo(folder, path, publication.Package!);
            }

            return await SendAsync(new Order(path, publication, parsed.GetValue(chunks), waiting, TimeSpan.FromSeconds(parsed.GetValue(timeout))), broker, parsed, cancellationToken);
        });
        return command;
    }

    private static bool IsPackage(string file) => file.EndsWith(BankFile.Extension, StringComparison.Ordinal);

    private static Publication Read(string path, string? leave)
    {
        var now = TimeProvider.System.GetUtcNow();
        return IsPackage(path)
            ? Publication.OfPackage(path, leave is null ? null : SignedDocument.Parse(File.ReadAllBytes(leave)), now)
            : Publication.OfDocument(File.ReadAllBytes(path), now);
    }

    private static void CopyTo(string folder, string path, PackageRequest package)
    {
        using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        AtomicFile.Write(Path.Combine(folder, package.Category, package.FileName), source.CopyTo);
    }

    private static async Task<int> SendAsync(Order order, UpdateBroker broker, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (publication, stations) = (order.Publication, broker.Stations(parsed));
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        await using var publisher = await RetainedPublisher.StartAsync(AdapterSet.Current.CreateMessageBus(), broker.Describe(parsed), cancellationToken);
        await using var watch = order.Waiting is null ? null : await UpdateWatch.StartAsync(AdapterSet.Current.CreateMessageBus(), broker.Describe(parsed), stations.Select(s => s.Topics.UpdateState), cancellationToken);
        foreach (var (name, topics) in order.Chunks ? stations : [])
        {
            await DownloadProgress.ShowAsync($"{publication.Title} to {name}", error, bar => publisher.PublishChunksAsync(topics, publication.Package!, order.Path, bar, cancellationToken));
        }

        await (watch?.ForgetAsync(cancellationToken) ?? Task.CompletedTask);
        foreach (var (name, topics) in stations)
        {
            await publisher.PublishAsync(topics, publication, order.Chunks, cancellationToken);
            output.WriteLine($"{name}: {publication.Title} is published{Size(publication.Package?.Package, order.Chunks)}");
        }

        return watch is null || await WaitAsync(watch, order, stations, output, error, cancellationToken) ? CommandLineRunner.Done : CommandLineRunner.Failed;
    }

    private static string Size(PackageFile? package, bool chunks) => package is null ? ""
        : string.Create(CultureInfo.InvariantCulture, $" ({package.Bytes / 1e6:F1} MB{(chunks ? $" in {PackageChunks.Count(package.Bytes)} messages" : "")})");

    /// <returns>Whether every station took it.</returns>
    private static async Task<bool> WaitAsync(UpdateWatch watch, Order order, IReadOnlyList<(string Name, StationTopics Topics)> stations, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var open = stations.ToDictionary(s => s.Topics.UpdateState, s => (s.Name, Last: "nothing"), StringComparer.Ordinal);
        var taken = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(order.Timeout);
        try
        {
            while (open.Count > 0)
            {
                var (topic, word) = await watch.NextAsync(order.Waiting!.Value, limit.Token);
                if (!open.TryGetValue(topic, out var station) || station.Last == word.ToString())
                {
                    continue;
                }

                open[topic] = station with { Last = word.ToString() };
                (word.IsFinal ? output : error).WriteLine($"{station.Name}: {order.Publication.Title} {word}");
                taken &= !word.IsFinal || word.IsDone;
                _ = word.IsFinal && open.Remove(topic);
            }

            return taken;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"After {order.Timeout.TotalSeconds:F0} s {string.Join(", ", open.Values.Select(s => $"{s.Name} (last word: {s.Last})"))} had not taken or refused {order.Publication.Title}. They go on; see update/state, or wait longer with --timeout.", e);
        }
    }

    private sealed record Order(string Path, Publication Publication, bool Chunks, UpdateSubject? Waiting, TimeSpan Timeout);
}
