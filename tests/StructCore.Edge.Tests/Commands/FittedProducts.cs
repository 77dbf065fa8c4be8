using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Commands;

/// <summary>Two drawn products in MVTec's layout, a disc with masks and stripes without, and their banks, fitted with the embedded backbone. A defect is a bright square.</summary>
public sealed class FittedProducts : IDisposable
{
    public const int Side = 64;
    public const int TrainImages = 6;
    public const int TestImages = 6;

    private readonly Random _random = new(11);

    public FittedProducts()
    {
        DrawProduct("disc", (y, x) => ((y - 32) * (y - 32)) + ((x - 32) * (x - 32)) < 400 ? 150 : 40, masks: true);
        DrawProduct("stripes", (y, x) => x / 8 % 2 == 0 ? 110 : 60, masks: false);
        DrawProduct("ring", (y, x) => Math.Abs(Math.Sqrt(((y - 32) * (y - 32)) + ((x - 32) * (x - 32))) - 20) < 5 ? 170 : 40, masks: false);
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        foreach (var product in ImageFolder.Open(Images, ["disc", "stripes"]))
        {
            var fitter = new BankFitter(Codec, extractor, new FitOptions { Frame = product.DefaultFrame });
            BankFile.Write(fitter.Fit(product.Category, product.Train), Banks, DateTimeOffset.UnixEpoch.AddYears(50));
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("structcore-").FullName;

    /// <summary>disc, stripes, and ring, which has no bank.</summary>
    public string Images => Path.Combine(Root, "images");

    public string Banks => Path.Combine(Root, "banks");

    public static string Models => Path.GetDirectoryName(SharedFiles.EmbeddedBackbone)!;

    internal static OpenCvImageCodec Codec { get; } = new();

    public string Good(string category, int image = 0) => Path.Combine(Images, category, "test", "good", $"{image}.png");

    public string Defective(string category, int image = 0) => Path.Combine(Images, category, "test", "spot", $"{image}.png");

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void DrawProduct(string category, Func<int, int, int> level, bool masks)
    {
        for (var i = 0; i < TrainImages; i++)
        {
            Draw(Path.Combine(Images, category, "train", "good", $"{i}.png"), (y, x) => level(y, x) + _random.Next(6));
        }

        for (var i = 0; i < TestImages / 2; i++)
        {
            var from = 20 + (6 * i);
            bool InDefect(int y, int x) => y >= from && y < from + 12 && x >= from && x < from + 12;
            Draw(Good(category, i), (y, x) => level(y, x) + _random.Next(6));
            Draw(Defective(category, i), (y, x) => InDefect(y, x) ? 250 : level(y, x) + _random.Next(6));
            if (masks)
            {
                Draw(Path.Combine(Images, category, "ground_truth", "spot", $"{i}_mask.png"), (y, x) => InDefect(y, x) ? 255 : 0);
            }
        }
    }

    private static void Draw(string path, Func<int, int, int> level)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var pixels = Enumerable.Range(0, Side * Side).SelectMany(i => Enumerable.Repeat((byte)level(i / Side, i % Side), RgbImage.Channels));
        File.WriteAllBytes(path, Codec.EncodePng(new RgbImage(Side, Side, [.. pixels])));
    }
}
