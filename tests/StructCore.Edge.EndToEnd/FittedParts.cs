using StructCore.Edge.Simulation;
using StructCore.Edge.Simulation.Defects;
using StructCore.Edge.Simulation.Products;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

[assembly: AssemblyFixture(typeof(StructCore.Tests.FittedParts))]

// Every test has the machine to itself: agents that share two cores would miss deadlines, and that is not what is tested.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace StructCore.Tests;

/// <summary>Two rendered products, flange and blister, in MVTec's layout, and their banks; made once for all tests, who leave them as they are.</summary>
public sealed class FittedParts : IDisposable
{
    private const int TrainImages = 6;
    private static readonly ProductKind[] Products = [ProductKind.Flange, ProductKind.Blister];
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("structcore-parts-");

    public FittedParts()
    {
        foreach (var product in Products)
        {
            for (var i = 0; i < TrainImages; i++)
            {
                Render(Path.Combine(Images, Name(product), "train", "good", $"{i}.png"), product, 100 + i);
            }

            Render(Path.Combine(Images, Name(product), "test", "good", "0.png"), product, 200);
            Render(Path.Combine(Images, Name(product), "test", "stain", "0.png"), product, 201, DefectKind.Stain);
            Render(Path.Combine(Frames, $"{Name(product)}-good.png"), product, 202);
            Render(Path.Combine(Frames, $"{Name(product)}-stain.png"), product, 203, DefectKind.Stain);
        }

        Render(Path.Combine(Sure, "blister-bad.png"), ProductKind.Blister, 207, DefectKind.BrokenEdge);
        Render(Path.Combine(Sure, "blister-good.png"), ProductKind.Blister, 202);
        Render(Path.Combine(Sure, "flange-bad.png"), ProductKind.Flange, 203, DefectKind.MissingFeature);
        Render(Path.Combine(Sure, "flange-good.png"), ProductKind.Flange, 202);

        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        var fitter = new BankFitter(Structcore.Codec, extractor, new FitOptions { Frame = FrameMode.FullFrame, CoresetRatio = 0.05 });
        foreach (var product in ImageFolder.Open(Images, []))
        {
            BankFile.Write(fitter.Fit(product.Category, product.Train), Banks, DateTimeOffset.UtcNow);
        }
    }

    public static string Models => Path.GetDirectoryName(SharedFiles.EmbeddedBackbone)!;

    public string Images => Path.Combine(_root.FullName, "images");

    /// <summary>What the camera shows, in this order: a good blister, a stained one, a good flange, a stained one.</summary>
    public string Frames => Path.Combine(_root.FullName, "frames");

    /// <summary>Parts that even these small banks tell apart by far: the good ones lie well below the threshold, the bad ones at twice it.</summary>
    public string Sure => Path.Combine(_root.FullName, "sure");

    public string Banks => Path.Combine(_root.FullName, "banks");

    public string FlangeBank => Path.Combine(Banks, "flange-v1" + BankFile.Extension);

    public string Frame(string name) => Path.Combine(Frames, name + ".png");

    /// <summary>The flange's bank, as if another backbone had been there when it was fitted.</summary>
    public void WriteForeignBank(string folder)
    {
        var bank = BankFile.Read(FlangeBank);
        var manifest = bank.Manifest with { Backbone = "other-s14", BackboneSha256 = new string('b', 64) };
        BankFile.Write(new ProductBank(manifest, bank.Memory, bank.Routing, ""), folder, DateTimeOffset.UtcNow);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static string Name(ProductKind product) => product.ToString().ToLowerInvariant();

    private static void Render(string path, ProductKind product, int seed, DefectKind? defect = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Structcore.Codec.EncodePng(ProductRenderer.Render(product, (ulong)seed, defect).Image));
    }
}
