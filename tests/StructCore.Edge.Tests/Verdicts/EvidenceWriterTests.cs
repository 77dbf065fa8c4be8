using NSubstitute;
using StructCore.Tests.Fakes;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Verdicts;

public sealed class EvidenceWriterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("structcore-evidence-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Evidence_OfARejectedPart_IsWrittenByStationDayAndSequence()
    {
        var codec = Substitute.For<IImageCodec>();
        var encoded = new TaskCompletionSource<RgbImage>();
        codec.EncodeJpeg(Arg.Any<RgbImage>(), Arg.Any<int>()).Returns(call =>
        {
            encoded.TrySetResult(call.Arg<RgbImage>());
            return [1, 2, 3];
        });
        var harness = new StationHarness { EvidenceFolder = _folder.FullName, Codec = codec };
        await using (var station = await harness.StartAsync())
        {
            station.Trigger("good");
            await station.ResultAsync("good");
            station.Camera.Show(station.Camera.Part(FakeExtractor.Cap, 30));
            station.Trigger("bad");
            await station.ResultAsync("bad");
            await encoded.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }

        var file = Assert.Single(_folder.GetFiles("*", SearchOption.AllDirectories));
        Assert.Equal(Path.Combine(_folder.FullName, "plant/line/one", "2026-02-03", "00000002-reject.jpg"), file.FullName);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(file.FullName));
    }

    [Fact]
    public async Task Evidence_ThatCannotBeWritten_DisturbsNoVerdict()
    {
        var blocked = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(blocked, "");
        var harness = new StationHarness { EvidenceFolder = blocked };
        await using var station = await harness.StartAsync();
        station.Camera.Show(station.Camera.Part(FakeExtractor.Cap, 30));
        station.Trigger("a");
        await station.ResultAsync("a");
        station.Trigger("b");

        Assert.Equal("ACCEPT", (await station.VerdictAsync("b")).GetProperty("verdict").GetString());
    }
}
