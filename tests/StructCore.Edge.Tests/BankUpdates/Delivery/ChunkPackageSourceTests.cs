using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Triggers;
using StructCore.Tests.Fakes;
using StructCore.Tests.Triggers;

namespace StructCore.Tests.BankUpdates.Delivery;

public sealed class ChunkPackageSourceTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);
    private static readonly byte[] Content = TestPackage.Content;
    private static readonly StationTopics Topics = new("site1", "line1", "station1");
    private static readonly string Part = TestPackage.PartName(TestPackage.Request);

    private readonly FetchFixture _fetch = new();
    private readonly FakeTimeProvider _time = new();
    private MosquittoBroker _broker = null!;

    private ChunkPackageSource Source => new(() => new MosquittoMessageBus(), Describe, Topics, Stall, _time);

    public async ValueTask InitializeAsync() => _broker = await MosquittoBroker.StartAsync(new BrokerOptions { Persistence = true });

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _fetch.Dispose();
    }

    [Fact]
    public async Task Fetch_OfPublishedChunks_PutsThemTogether()
    {
        await PublishAsync(0, 1, 2, 3, 4);

        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(Source)));
        Assert.Contains("station-1-updates", _broker.Log(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2 * PackageChunks.Bytes)]
    [InlineData((2 * PackageChunks.Bytes) + 77)]
    public async Task Fetch_AfterARestart_TakesOnlyWhatIsMissing(int there)
    {
        _fetch.Put(Part, Content.AsSpan(0, there));
        await PublishAsync(2, 3, 4);

        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(Source)));
    }

    [Fact]
    public async Task Fetch_WithTheBrokerGoneInTheMiddle_GoesOnWhenItIsBack()
    {
        await PublishAsync(0, 1, 2, 3, 4);
        var refused = await _fetch.RefusedAsync(Source, progress: new Probe(there =>
        {
            if (there == 2 * PackageChunks.Bytes)
            {
                _broker.StopAsync().GetAwaiter().GetResult();
            }
        })).WaitAsync(Patience);

        Assert.Equal(UpdateRefusal.NotAvailable, refused.Refusal);
        Assert.Contains($"stands still at {2 * PackageChunks.Bytes} of {Content.Length} bytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal(UpdateRefusal.NotAvailable, (await _fetch.RefusedAsync(Source)).Refusal);

        await _broker.StartAgainAsync();
        var first = 0L;
        var path = await _fetch.FetchAsync(Source, progress: new Probe(there => first = first == 0 ? there : first));
        Assert.Equal(Content, await File.ReadAllBytesAsync(path));
        Assert.Equal(3 * PackageChunks.Bytes, first);
    }

    [Fact]
    public async Task Fetch_WithAChunkThatIsNotThere_EndsAndKeepsWhatCame()
    {
        await PublishAsync(0, 1, 3, 4);
        var waiting = new TaskCompletionSource();
        var fetching = _fetch.RefusedAsync(Source, progress: new Probe(there =>
        {
            if (there == 2 * PackageChunks.Bytes)
            {
                _time.WaitBegunAsync(Stall).ContinueWith(_ => waiting.SetResult(), TaskScheduler.Default);
            }
        }));
        await waiting.Task.WaitAsync(Patience);
        _time.Advance(Stall);

        var refused = await fetching.WaitAsync(Patience);
        Assert.Equal(UpdateRefusal.NotAvailable, refused.Refusal);
        Assert.Contains("no message on 'sc/v1/site1/line1/station1/bank/cap/package/7/2' (3 of 5)", refused.Message, StringComparison.Ordinal);

        await PublishAsync(2);
        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(Source)));
    }

    [Fact]
    public async Task Fetch_WithAChunkThatComesLate_Waits()
    {
        await PublishAsync(0, 1, 2, 3);
        var fetching = _fetch.FetchAsync(Source);
        await _broker.WaitForLogAsync(line => line.Contains("package/7/4", StringComparison.Ordinal));

        // An ordinary message there is nobody's chunk.
        await using var bus = await ConnectAsync();
        await bus.PublishAsync(new BusMessage(Topics.PackageChunk("cap", 7, 4), Chunk(0)), default).WaitAsync(Patience);
        await PublishAsync(4);

        Assert.Equal(Content, await File.ReadAllBytesAsync(await fetching.WaitAsync(Patience)));
    }

    [Fact]
    public async Task Fetch_WithAStrangersChunk_IsRefusedAndDeleted()
    {
        await PublishAsync(0, 1, 2, 3, 4);
        await PublishAsync(2, TestPackage.Bytes(seed: 2, PackageChunks.Bytes));

        Assert.Equal(UpdateRefusal.Damaged, (await _fetch.RefusedAsync(Source)).Refusal);
        Assert.Empty(_fetch.Names);
    }

    [Theory]
    [InlineData(4, 999)]
    [InlineData(4, 1001)]
    [InlineData(1, PackageChunks.Bytes - 1)]
    [InlineData(1, PackageChunks.Bytes + 1)]
    public async Task Fetch_WithAChunkOfAnotherLength_IsRefused(int index, int length)
    {
        await PublishAsync(0, 1, 2, 3, 4);
        await PublishAsync(index, new byte[length]);

        var refused = await _fetch.RefusedAsync(Source);

        Assert.Equal(UpdateRefusal.Damaged, refused.Refusal);
        Assert.Contains($"package/7/{index}' has {length} bytes, expected {Chunk(index).Length}", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_fetch.Names);
    }

    [Fact]
    public async Task Fetch_WhileTheStationIsConnected_LeavesItAlone()
    {
        await PublishAsync(0, 1, 2, 3, 4);
        await using var station = new MosquittoMessageBus();
        var inbox = new Inbox(station);
        await station.ConnectAsync(Describe(), default).WaitAsync(Patience);
        await station.SubscribeAsync(Topics.State, QualityOfService.AtLeastOnce, default).WaitAsync(Patience);

        await _fetch.FetchAsync(Source);
        await _broker.WaitForLogAsync(line => line.Contains("station-1-updates", StringComparison.Ordinal) && (line.Contains("closed", StringComparison.Ordinal) || line.Contains("disconnected", StringComparison.Ordinal)));

        // Its end publishes no will: the first message is this one.
        await station.PublishAsync(new BusMessage(Topics.State, "own"u8.ToArray()), default).WaitAsync(Patience);
        Assert.Equal("own"u8.ToArray(), (await inbox.NextAsync()).Payload.ToArray());
    }

    private static byte[] Chunk(int index) => Content.AsSpan(index * PackageChunks.Bytes, PackageChunks.Length(Content.Length, index)).ToArray();

    private BusConnection Describe() => _broker.Connection("station-1") with { Will = new BusMessage(Topics.State, new byte[] { 1 }) { Retain = true }, MaximumPacketBytes = 1000 };

    private async Task<IMessageBus> ConnectAsync()
    {
        var bus = new MosquittoMessageBus();
        await bus.ConnectAsync(_broker.Connection("publisher"), default).WaitAsync(Patience);
        return bus;
    }

    private async Task PublishAsync(params int[] indices)
    {
        foreach (var index in indices)
        {
            await PublishAsync(index, Chunk(index));
        }
    }

    private async Task PublishAsync(int index, byte[] chunk)
    {
        await using var bus = await ConnectAsync();
        await bus.PublishAsync(new BusMessage(Topics.PackageChunk("cap", 7, index), chunk) { Retain = true }, default).WaitAsync(Patience);
    }
}
