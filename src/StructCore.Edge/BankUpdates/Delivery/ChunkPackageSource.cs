using StructCore.Edge.Downloads;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>
/// Packages out of retained messages of the broker, one after another, on a connection of their own: no verdict waits behind a package.
/// </summary>
/// <param name="describe">The station's connection; its own here differs in client id, session and will.</param>
/// <param name="stall">Longest wait for one message.</param>
internal sealed class ChunkPackageSource(Func<IMessageBus> createBus, Func<BusConnection> describe, StationTopics topics, TimeSpan stall, TimeProvider time) : PackageSource
{
    private readonly StallLimit _stall = new(stall, time);

    public override async Task FetchAsync(PackageRequest request, PartialPackage part, CancellationToken cancellationToken)
    {
        try
        {
            var station = describe();
            await using var bus = createBus();
            var inbox = new RetainedInbox(bus, capacity: 1);
            await bus.ConnectAsync(station with { ClientId = station.ClientId + "-updates", SessionExpiry = TimeSpan.Zero, Will = null, MaximumPacketBytes = PackageChunks.Bytes + BusConnectionFactory.PacketOverhead }, cancellationToken);
            while (part.Length < request.Package.Bytes)
            {
                // A part that was cut in the middle of a chunk takes the rest of it.
                var (index, offset) = Math.DivRem(part.Length, PackageChunks.Bytes);
                var chunk = await ReceiveAsync(inbox, request, (int)index, cancellationToken);
                part.Append(chunk.Span[(int)offset..]);
            }
        }
        catch (MessageBusException e)
        {
            throw new UpdateRefusedException(UpdateRefusal.NotAvailable, $"package '{request.FileName}' stands still at {part.Length} of {request.Package.Bytes} bytes: {e.Message} It is tried again.", e);
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReceiveAsync(RetainedInbox inbox, PackageRequest request, int index, CancellationToken cancellationToken)
    {
        var topic = topics.PackageChunk(request.Category, request.Version, index);
        var expected = PackageChunks.Length(request.Package.Bytes, index);
        ReadOnlyMemory<byte> chunk;
        try
        {
            chunk = await _stall.WithinAsync(stop => inbox.TakeAsync(topic, stop), cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new UpdateRefusedException(UpdateRefusal.NotAvailable, $"package '{request.FileName}': the broker has no message on '{topic}' ({index + 1} of {PackageChunks.Count(request.Package.Bytes)}) that this station may read, waited {stall.TotalSeconds:F0} s. Publish it with 'structcore bank publish --chunks' and check the broker's access rules. It is tried again.", e);
        }

        return chunk.Length == expected ? chunk : throw new UpdateRefusedException(UpdateRefusal.Damaged, $"package '{request.FileName}': the message on '{topic}' has {chunk.Length} bytes, expected {expected}. Publish the package again: structcore bank publish --chunks.");
    }
}
