using System.Text.Json;
using StructCore.Edge;
using StructCore.Edge.Native;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Tests;

/// <summary>A line in a folder: images, a fitted bank, a real broker and a configuration for the agent.</summary>
internal sealed class Line : IAsyncDisposable
{
    private Line(MosquittoBroker broker) => Broker = broker;

    public MosquittoBroker Broker { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("structcore-line-").FullName;

    public string Configuration => Path.Combine(Folder, "line.json");

    public static async Task<Line> CreateAsync(BrokerOptions? broker = null)
    {
        var line = new Line(await MosquittoBroker.StartAsync(broker));
        AdapterSet adapters = new NativeAdapterSet();
        var good = Directory.CreateDirectory(Path.Combine(line.Folder, "good")).FullName;
        for (var i = 0; i < 6; i++)
        {
            File.WriteAllBytes(Path.Combine(good, $"{i}.png"), adapters.ImageCodec.EncodePng(Texture(i)));
        }

        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        var bank = new BankFitter(adapters.ImageCodec, extractor, new FitOptions { Frame = FrameMode.FullFrame, CoresetRatio = 0.05 }).Fit("grain", ImageFiles.In(good));
        BankFile.Write(bank, Path.Combine(line.Folder, "banks"), DateTimeOffset.UtcNow);
        line.Configure();
        return line;
    }

    /// <summary>Writes the configuration; <paramref name="port"/> leads to the broker unless said otherwise.</summary>
    public void Configure(int? port = null, int deadlineMs = 10_000) => File.WriteAllText(Configuration, JsonSerializer.Serialize(new
    {
        Broker = new { Host = "127.0.0.1", Port = port ?? Broker.Port },
        Store = new { Path = "store.db" },
        Banks = new { Folder = "banks" },
        Models = new { Folder = Path.GetDirectoryName(SharedFiles.EmbeddedBackbone) },
        Evidence = new { Folder = "evidence" },
        Stations = new[] { new { Site = "s", Line = "l", Id = "one", Camera = "folder", DeadlineMs = deadlineMs, PublishCode = true } },
        Cameras = new[] { new { Id = "folder", Kind = "folder", Source = "good" } },
    }));

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static RgbImage Texture(int seed)
    {
        var pixels = new byte[64 * 64 * 3];
        new Random(seed).NextBytes(pixels);
        return new RgbImage(64, 64, pixels);
    }
}
