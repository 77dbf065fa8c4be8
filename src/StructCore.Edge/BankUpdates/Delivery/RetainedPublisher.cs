using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.Downloads;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>The sending side at the broker: puts retained messages of updates there and takes them away again.</summary>
internal sealed class RetainedPublisher : IAsyncDisposable
{
    private readonly IMessageBus _bus;
    private readonly RetainedInbox _inbox;

    private RetainedPublisher(IMessageBus bus) => (_bus, _inbox) = (bus, new RetainedInbox(bus, capacity: 1));

    /// <param name="bus">Not connected yet; belongs to the publisher from now on.</param>
    public static async Task<RetainedPublisher> StartAsync(IMessageBus bus, BusConnection connection, CancellationToken cancellationToken)
    {
        var publisher = new RetainedPublisher(bus);
        try
        {
            await bus.ConnectAsync(connection, cancellationToken);
            return publisher;
        }
        catch
        {
            await publisher.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks a station for a bank, or gives it a document. Chunks of what was wanted before go, and of what now comes another way.</summary>
    public async Task PublishAsync(StationTopics topics, Publication publication, bool chunks, CancellationToken cancellationToken)
    {
        var before = publication.Package is { } package ? (await WantedAsync(topics, package.Category, cancellationToken)).Version : null;
        await _bus.PublishAsync(new BusMessage(publication.Topic(topics), publication.Message) { Retain = true, ContentType = "application/json" }, cancellationToken);
        if (before is { } version)
        {
            var (category, same) = (publication.Package!.Category, version == publication.Package.Version);
            await RemoveChunksAsync(topics, category, version, keep: same && chunks ? PackageChunks.Count(publication.Package.Package.Bytes) : 0, cancellationToken);
        }
    }

    /// <summary>Takes the message that asks for a bank away, and its chunks.</summary>
    /// <param name="only">Only where it is this version; its chunks in any case.</param>
    public async Task<(bool IsWanted, int? Version, int Chunks)> UnpublishAsync(StationTopics topics, string category, int? only, CancellationToken cancellationToken)
    {
        var (isThere, version) = await WantedAsync(topics, category, cancellationToken);
        var isWanted = isThere && (only is null || version == only);
        var chunks = (only ?? version) is { } number ? await RemoveChunksAsync(topics, category, number, keep: 0, cancellationToken) : 0;
        if (isWanted)
        {
            await RemoveAsync(topics.Desired(category), cancellationToken);
        }

        return (isWanted, version, chunks);
    }

    /// <summary>Publishes a package in chunks, the first one first: what is there is always a beginning.</summary>
    /// <returns>How many.</returns>
    public async Task<int> PublishChunksAsync(StationTopics topics, PackageRequest request, string path, IProgress<DownloadState>? progress, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var count = PackageChunks.Count(request.Package.Bytes);
        for (var index = 0; index < count; index++)
        {
            var chunk = new byte[PackageChunks.Length(request.Package.Bytes, index)];
            await file.ReadExactlyAsync(chunk, cancellationToken);
            await _bus.PublishAsync(new BusMessage(topics.PackageChunk(request.Category, request.Version, index), chunk) { Retain = true }, cancellationToken);
            progress?.Report(new DownloadState(file.Position, request.Package.Bytes));
        }

        return count;
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    // Whether a bank is asked for, and its version where that can be read.
    private async Task<(bool IsThere, int? Version)> WantedAsync(StationTopics topics, string category, CancellationToken cancellationToken)
    {
        if (await _inbox.TryTakeAsync(topics.Desired(category), cancellationToken) is not { } message)
        {
            return (false, null);
        }

        try
        {
            return (true, ReleaseManifest.Read(DesiredBank.Parse(message.Span).Release).Version);
        }
        catch (UpdateRefusedException)
        {
            // A stranger's, or of a later program: it is replaced or removed all the same.
            return (true, null);
        }
    }

    private Task RemoveAsync(string topic, CancellationToken cancellationToken) => _bus.PublishAsync(new BusMessage(topic, ReadOnlyMemory<byte>.Empty) { Retain = true }, cancellationToken);

    // The last chunk first: what stays when this is broken off is a beginning too.
    private async Task<int> RemoveChunksAsync(StationTopics topics, string category, int version, int keep, CancellationToken cancellationToken)
    {
        var there = await CountChunksAsync(topics, category, version, keep, cancellationToken);
        for (var index = there - 1; index >= keep; index--)
        {
            await RemoveAsync(topics.PackageChunk(category, version, index), cancellationToken);
        }

        return there - keep;
    }

    // Nothing says how many there are: doubling steps find one that is not there, halving ones the first such.
    private async Task<int> CountChunksAsync(StationTopics topics, string category, int version, int known, CancellationToken cancellationToken)
    {
        var (there, absent) = (known, known);
        for (var step = 1; await IsThereAsync(absent); step *= 2)
        {
            (there, absent) = (absent + 1, absent + step);
        }

        while (there < absent)
        {
            var middle = there + ((absent - there) / 2);
            (there, absent) = await IsThereAsync(middle) ? (middle + 1, absent) : (there, middle);
        }

        return there;

        async Task<bool> IsThereAsync(int index) => await _inbox.TryTakeAsync(topics.PackageChunk(category, version, index), cancellationToken) is not null;
    }
}
