using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Triggers;
using StructCore.Tests.BankUpdates.Packages;

namespace StructCore.Tests.BankUpdates.Delivery;

public sealed class RetainedPublisherTests : IAsyncLifetime
{
    private const string Chunks = "sc/v1/site1/line1/station1/bank/cap/package/#";

    private static readonly StationTopics Topics = new("site1", "line1", "station1");

    private readonly TemporaryFolder _folder = new();
    private readonly TestPackages _packages = new();
    private MosquittoBroker _broker = null!;
    private RetainedPublisher _publisher = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await MosquittoBroker.StartAsync();
        _publisher = await RetainedPublisher.StartAsync(new MosquittoMessageBus(), _broker.Connection("publisher"), default);
    }

    public async ValueTask DisposeAsync()
    {
        if (_publisher is not null)
        {
            await _publisher.DisposeAsync();
        }

        await _broker.DisposeAsync();
        _packages.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Unpublish_OfChunks_FindsAndRemovesAllOfThisVersion(int count)
    {
        await PublishChunksAsync(version: 6, 2);
        Assert.Equal(count, await PublishChunksAsync(version: 7, count));
        Assert.Equal(2 + count, (await RetainedTopics.ReadAsync(_broker, Chunks)).Count);

        Assert.Equal((false, null, count), await _publisher.UnpublishAsync(Topics, "cap", only: 7, default));

        Assert.Equal([Topics.PackageChunk("cap", 6, 0), Topics.PackageChunk("cap", 6, 1)], (await RetainedTopics.ReadAsync(_broker, Chunks)).Keys);
    }

    [Fact]
    public async Task Publish_OfTheNextVersion_RemovesTheChunksOfTheOneBefore()
    {
        await PublishAsync(version: 7, chunks: 3);
        await PublishAsync(version: 8, chunks: 2);

        Assert.Equal([Topics.PackageChunk("cap", 8, 0), Topics.PackageChunk("cap", 8, 1)], (await RetainedTopics.ReadAsync(_broker, Chunks)).Keys);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    public async Task Publish_OfTheSameVersionAgain_LeavesNoChunkBehind(bool inChunks, int left)
    {
        await PublishAsync(version: 7, chunks: 5);
        await PublishAsync(version: 7, inChunks ? 2 : 0);

        Assert.Equal(left, (await RetainedTopics.ReadAsync(_broker, Chunks)).Count);
    }

    [Fact]
    public async Task Publish_OverAStrangersMessage_ReplacesIt()
    {
        await using var stranger = new MosquittoMessageBus();
        await stranger.ConnectAsync(_broker.Connection("stranger"), default);
        await stranger.PublishAsync(new BusMessage(Topics.Desired("cap"), "nonsense"u8.ToArray()) { Retain = true }, default);

        await PublishAsync(version: 7, chunks: 1);

        Assert.NotNull(DesiredBank.Parse((await RetainedTopics.ReadAsync(_broker, Topics.Desired("cap"))).Values.Single()));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(7, true)]
    [InlineData(6, false)]
    public async Task Unpublish_OfAVersion_LeavesAnotherAlone(int? only, bool removed)
    {
        await PublishAsync(version: 7, chunks: 3);

        Assert.Equal((removed, 7, removed ? 3 : 0), await _publisher.UnpublishAsync(Topics, "cap", only, default));
        Assert.Equal(removed ? 0 : 4, (await RetainedTopics.ReadAsync(_broker, "sc/v1/#")).Count);
        Assert.Equal((!removed, removed ? null : 7), await WantedAsync());
    }

    private async Task<(bool IsWanted, int? Version)> WantedAsync()
    {
        var (isWanted, version, _) = await _publisher.UnpublishAsync(Topics, "cap", null, default);
        return (isWanted, version);
    }

    /// <summary>Publishes a real release, and so many chunks of no matter what.</summary>
    private async Task PublishAsync(int version, int chunks)
    {
        var path = _packages.Write("cap", version, d => d with { Created = DateTimeOffset.UtcNow, Expires = DateTimeOffset.UtcNow.AddDays(1) });
        var publication = Publication.OfPackage(path, null, DateTimeOffset.UtcNow);
        await PublishChunksAsync(version, chunks);
        await _publisher.PublishAsync(Topics, publication with { Package = publication.Package! with { Package = new PackageFile(chunks * PackageChunks.Bytes, new string('0', 64)) } }, chunks > 0, default);
    }

    private async Task<int> PublishChunksAsync(int version, int count)
    {
        var content = TestPackage.Bytes(version, count * PackageChunks.Bytes);
        await File.WriteAllBytesAsync(_folder["content"], content);
        return await _publisher.PublishChunksAsync(Topics, TestPackage.RequestFor(content, version: version), _folder["content"], null, default);
    }
}
