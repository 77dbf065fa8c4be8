using System.Security.Cryptography;
using NSubstitute;
using StructCore.Edge.Cameras;
using StructCore.Edge.Evidence;
using StructCore.Edge.Native.OpenCv;
using StructCore.Edge.Storage;
using StructCore.Tests.Fakes;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Evidence;

public sealed class EvidenceWriterTests : IDisposable
{
    private const string Day = "plant/line/one/2026-02-03/";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RejectAndError_WithAFrame_AreKeptWithoutLossAndWithAnOverlay()
    {
        await using var station = await Harness(share: 0).StartAsync();
        await InspectAsync(station, "good", 0);
        var bad = station.Camera.Part(FakeExtractor.Cap, 30);
        using var shown = bad.Frame!.Share();
        await InspectAsync(station, "bad", bad);
        await InspectAsync(station, "broken", FakeExtractor.Broken);
        await station.Store.EvidenceAsync(4);
        await station.StopAsync();

        Assert.Equal([Day + "040506-00000002-reject.png", Day + "040506-00000002-reject.jpg", Day + "040506-00000003-error.png", Day + "040506-00000003-error.jpg"], Rows(station).Select(f => f.Path));
        Assert.All(Rows(station), f => Assert.Equal((f.Bytes, f.Sha256), (new FileInfo(_folder[f.Path]).Length, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder[f.Path]))))));
        var frame = new OpenCvImageCodec().Load(_folder[Rows(station)[0].Path]);
        Assert.Equal(shown.Image.Pixels.ToArray(), frame.Pixels.ToArray());
    }

    [Fact]
    public async Task Accept_OneInThree_IsKeptWithoutOverlay()
    {
        await using var station = await Harness(share: 1 / 3.0).StartAsync();
        for (var i = 1; i <= 7; i++)
        {
            await InspectAsync(station, $"{i}", 0);
        }

        await station.StopAsync();

        Assert.Equal([Day + "040506-00000003-accept.png", Day + "040506-00000006-accept.png"], Rows(station).Select(f => f.Path));
    }

    [Fact]
    public async Task Verdict_NotStoredAtOnce_IsKeptUnderItsNumberOnceItIs()
    {
        await using var station = await Harness(share: 0).StartAsync();
        station.Extractor.During = _ => station.Store.Failure = "disk full";
        station.Camera.Show(station.Camera.Part(FakeExtractor.Cap, 0));
        station.Trigger("a");
        Assert.StartsWith("store_failed", (await station.VerdictAsync("a")).GetProperty("reason").GetString(), StringComparison.Ordinal);

        await station.Broker.WaitAsync("state", s => s.GetProperty("faults").ToString().Contains("store_failed", StringComparison.Ordinal));
        station.Extractor.During = null;
        station.Store.Failure = null;
        await station.AdvanceUntilAsync(station.NextStateAsync("ready"));
        await InspectAsync(station, "b", 0);
        await station.AdvanceUntilAsync(station.Store.EvidenceAsync(2));

        Assert.Equal("\"a\"", Assert.Single(station.Store.Records, r => r.Sequence == Rows(station)[0].Sequence).Trigger.TriggerId);
        Assert.EndsWith("-error.png", Rows(station)[0].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disk_NotWritable_DisturbsNoVerdictAndTheImagesWait()
    {
        File.WriteAllBytes(_folder["plant"], []);
        await using var station = await Harness(share: 0).StartAsync();
        await InspectAsync(station, "a", 30);
        await InspectAsync(station, "b", 30);
        Assert.Equal("ready", station.Broker.Bodies("state")[^1].GetProperty("state").GetString());
        Assert.Empty(Rows(station));

        File.Delete(_folder["plant"]);
        await station.AdvanceUntilAsync(station.Store.EvidenceAsync(4));

        Assert.Equal([1, 1, 2, 2], Rows(station).Select(r => r.Sequence).Order());
    }

    [Fact]
    public async Task Memory_Full_IsAFaultUntilTheDiskHasCaughtUp()
    {
        // A frame is small here, what counts are its patches' scores: 320 of them are a megabyte.
        const int Many = 350;
        File.WriteAllBytes(_folder["plant"], []);
        await using var station = await Harness(share: 0).StartAsync();
        for (var i = 0; i < Many; i++)
        {
            await InspectAsync(station, $"{i}", 30);
        }

        var fault = await station.Broker.WaitAsync("state", s => s.GetProperty("faults").ToString().Contains("evidence_lost", StringComparison.Ordinal));
        Assert.Contains(fault.GetProperty("state").GetString(), (string[])["ready", "executing"]);

        File.Delete(_folder["plant"]);
        await station.AdvanceUntilAsync(station.Broker.WaitAsync("state", _ => station.Broker.Bodies("state")[^1].GetProperty("faults").GetArrayLength() == 0));

        Assert.InRange(Rows(station).Count, 2, (2 * Many) - 2);
        Assert.Equal(Rows(station).Count, Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Image_ThatCannotBeEncoded_IsLostAndTheNextIsKept()
    {
        var codec = Substitute.For<IImageCodec>();
        var encoded = 0;
        codec.When(c => c.EncodePng(Arg.Any<RgbImage>(), Arg.Any<Stream>())).Do(c =>
        {
            if (encoded++ == 0)
            {
                throw new InvalidImageException("too odd");
            }

            c.Arg<Stream>().WriteByte(1);
        });
        await using var station = await Harness(share: 0, codec).StartAsync();
        await InspectAsync(station, "a", 30);
        await station.Broker.WaitAsync("state", s => s.GetProperty("faults").ToString().Contains("too odd", StringComparison.Ordinal));
        await InspectAsync(station, "b", 30);
        await station.Store.EvidenceAsync(2);

        Assert.All(Rows(station), r => Assert.Equal(2, r.Sequence));
    }

    [Fact]
    public async Task Stop_ImagesWaiting_AreWrittenFirst()
    {
        File.WriteAllBytes(_folder["plant"], []);
        await using var station = await Harness(share: 0).StartAsync();
        await InspectAsync(station, "a", 30);
        await InspectAsync(station, "b", 30);
        File.Delete(_folder["plant"]);
        await station.StopAsync();

        Assert.Equal(4, Rows(station).Count);
    }

    [Fact]
    public async Task Record_RemovedMeanwhile_IsGivenUp()
    {
        File.WriteAllBytes(_folder["plant"], []);
        await using var station = await Harness(share: 0).StartAsync();
        await InspectAsync(station, "a", 30);

        // The broker has a result a moment before the outbox lets go of it.
        while (station.Store.Prune(DateTimeOffset.MaxValue, 10) == 0)
        {
            await Task.Yield();
        }

        File.Delete(_folder["plant"]);
        await InspectAsync(station, "b", 30);
        await station.AdvanceUntilAsync(station.Store.EvidenceAsync(2));

        Assert.All(Rows(station), r => Assert.Equal(2, r.Sequence));
    }

    private StationHarness Harness(double share, IImageCodec? codec = null) => new()
    {
        Evidence = new EvidenceOptions { Folder = _folder.Path, AcceptSampling = share, MaxWaitingMegabytes = 1 },
        Codec = codec ?? new OpenCvImageCodec(),
    };

    private static Task InspectAsync(StationHarness station, string id, byte deviation) => InspectAsync(station, id, station.Camera.Part(FakeExtractor.Cap, deviation));

    private static async Task InspectAsync(StationHarness station, string id, GrabResult part)
    {
        station.Camera.Show(part);
        station.Trigger(id);
        await station.ResultAsync(id);
    }

    private static IReadOnlyList<EvidenceFile> Rows(StationHarness station) => station.Store.OldestEvidence(1000);
}
