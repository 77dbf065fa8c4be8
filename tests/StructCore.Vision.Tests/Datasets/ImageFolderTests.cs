using StructCore.Vision.Datasets;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Datasets;

public sealed class ImageFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("structcore-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Mvtec_SeveralCategories_ListsTrainTestAndMasksInOrdinalOrder()
    {
        Touch("nut/train/good/b.png", "nut/train/good/a.png", "nut/train/good/c.png", "nut/train/good/notes.txt");
        Touch("nut/test/scratch/001.png", "nut/test/scratch/000.png", "nut/test/good/000.png", "nut/test/dent/x.jpg");
        Touch("nut/ground_truth/scratch/000_mask.png", "nut/ground_truth/dent/x.png");
        Touch("Bolt/train/good/1.png", "Bolt/train/good/2.png", "Bolt/train/good/3.png", "licence/readme.txt");

        var products = ImageFolder.Open(_root, []);

        Assert.Equal(["Bolt", "nut"], products.Select(p => p.Category));
        Assert.Empty(products[0].Test);
        var nut = products[1];
        Assert.Equal(ImageLayout.MvtecAd, nut.Layout);
        Assert.Equal(FrameMode.CentreCrop, nut.DefaultFrame);
        Assert.Equal(["a.png", "b.png", "c.png"], nut.Train.Select(Path.GetFileName));
        Assert.Equal(
            [
                new TestImage(At("nut/test/dent/x.jpg"), "dent", true, At("nut/ground_truth/dent/x.png")),
                new TestImage(At("nut/test/good/000.png"), "good", false, null),
                new TestImage(At("nut/test/scratch/000.png"), "scratch", true, At("nut/ground_truth/scratch/000_mask.png")),
                new TestImage(At("nut/test/scratch/001.png"), "scratch", true, null),
            ],
            nut.Test);
        Assert.Equal([true, true, true, false], nut.Test.Select(t => t.HasPixelTruth));
    }

    [Fact]
    public void Mvtec_OneCategoryAsRoot_TakesItsName()
    {
        Touch("nut/train/good/1.png", "nut/train/good/2.png", "nut/train/good/3.png");

        Assert.Equal("nut", Assert.Single(ImageFolder.Open(At("nut") + Path.DirectorySeparatorChar, [])).Category);
    }

    [Fact]
    public void VisA_SplitFile_DividesImages()
    {
        Visa("candle,train,normal,candle/Data/Images/Normal/2.JPG,", "candle,train,normal,candle/Data/Images/Normal/1.JPG,", "candle,train,normal,candle/Data/Images/Normal/0.JPG,",
            "candle,test,normal,candle/Data/Images/Normal/3.JPG,", "candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png");

        var candle = Assert.Single(ImageFolder.Open(_root, []));

        Assert.Equal(ImageLayout.VisA, candle.Layout);
        Assert.Equal(FrameMode.CentreCrop, candle.DefaultFrame);
        Assert.Equal(["0.JPG", "1.JPG", "2.JPG"], candle.Train.Select(Path.GetFileName));
        Assert.Equal(
            [
                new TestImage(At("candle/Data/Images/Anomaly/000.JPG"), "anomaly", true, At("candle/Data/Masks/Anomaly/000.png")),
                new TestImage(At("candle/Data/Images/Normal/3.JPG"), "good", false, null),
            ],
            candle.Test);
    }

    [Fact]
    public void PlainFolder_IsOneCategoryOfGoodImages()
    {
        Touch("caps/3.bmp", "caps/1.png", "caps/2.TIF");

        var caps = Assert.Single(ImageFolder.Open(At("caps"), []));

        Assert.Equal(("caps", ImageLayout.PlainFolder, FrameMode.FullFrame), (caps.Category, caps.Layout, caps.DefaultFrame));
        Assert.Equal(["1.png", "2.TIF", "3.bmp"], caps.Train.Select(Path.GetFileName));
        Assert.Empty(caps.Test);
    }

    [Fact]
    public void Categories_Named_RestrictAndAreTheOnlyOnesChecked()
    {
        Touch("nut/train/good/1.png", "nut/train/good/2.png", "nut/train/good/3.png", "bolt/train/good/1.png");

        Assert.Equal("nut", Assert.Single(ImageFolder.Open(_root, ["nut"])).Category);
    }

    [Fact]
    public void Categories_Unknown_AreRefusedWithWhatThereIs()
    {
        Touch("nut/train/good/1.png", "bolt/train/good/1.png");

        Assert.Equal($"Category 'nit' is not in '{_root}'. It has: bolt, nut.", Refused(_root, "nit"));
    }

    [Fact]
    public void MissingFolder_IsRefused() => Assert.Contains($"'{At("nowhere")}' does not exist", Refused(At("nowhere")));

    [Fact]
    public void EmptyFolder_IsRefusedWithTheLayouts() => Assert.Contains("has no images and no category. Expected CATEGORY/train/good", Refused(_root));

    [Fact]
    public void Mvtec_WithoutTrainGood_IsRefused()
    {
        Touch("nut/train/bad/1.png");

        Assert.Equal($"Category 'nut' has no folder '{At("nut/train/good")}'. Put its good training images there.", Refused(_root));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Mvtec_TooFewGoodImages_IsRefused(int images)
    {
        Directory.CreateDirectory(At("nut/train/good"));
        Touch([.. Enumerable.Range(0, images).Select(i => $"nut/train/good/{i}.png")]);

        Assert.Contains($"Category 'nut' in '{_root}' has {images} good images to fit from, at least 3", Refused(_root));
    }

    [Fact]
    public void VisA_WithoutSplitFile_IsRefused()
    {
        Touch("candle/Data/Images/Normal/0.JPG");

        Assert.Contains($"lacks its split file '{At("split_csv/1cls.csv")}'", Refused(_root));
    }

    [Theory]
    [InlineData("candle,train,normal", "Line 2 of split file")]
    [InlineData("candle,validate,normal,candle/Data/Images/Normal/0.JPG,", "Line 2 of split file")]
    [InlineData("candle,train,fine,candle/Data/Images/Normal/0.JPG,", "Line 2 of split file")]
    [InlineData("candle,train,anomaly,candle/Data/Images/Normal/0.JPG,", "puts the anomaly 'candle/Data/Images/Normal/0.JPG' into the training images")]
    public void VisA_BadLine_IsRefusedByItsNumber(string line, string message)
    {
        Visa(line);

        Assert.Contains(message, Refused(_root));
    }

    [Fact]
    public void VisA_MissingImage_IsRefusedByName()
    {
        Visa("candle,train,normal,candle/Data/Images/Normal/0.JPG,");
        File.Delete(At("candle/Data/Images/Normal/0.JPG"));

        Assert.Contains($"names '{At("candle/Data/Images/Normal/0.JPG")}', which does not exist", Refused(_root));
    }

    [Fact]
    public void VisA_OtherColumns_AreRefused()
    {
        Touch("split_csv/1cls.csv");
        File.WriteAllText(At("split_csv/1cls.csv"), "object,set,label,image,mask\n");

        Assert.Contains("must start with the line 'object,split,label,image,mask'", Refused(_root));
    }

    [Fact]
    public void RealData_HasTheCountsItsReadmeStates()
    {
        var products = ImageFolder.Open(SharedFiles.RequireShared("data"), []);

        var counts = products.Select(p => (p.Category, p.Train.Count, p.Test.Count(t => !t.Defective), p.Test.Count(t => t.Defective), p.Test.Count(t => t.MaskPath is not null)));
        Assert.Equal([("magnetic_tile", 762, 190, 392, 392), ("pcb", 100, 46, 60, 0), ("screw", 320, 41, 119, 84)], counts);
    }

    private string At(string path) => Path.Combine(_root, path);

    private void Touch(params string[] paths)
    {
        foreach (var path in paths)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
            File.WriteAllText(At(path), "");
        }
    }

    private void Visa(params string[] lines)
    {
        Touch("split_csv/1cls.csv");
        File.WriteAllLines(At("split_csv/1cls.csv"), ["object,split,label,image,mask", .. lines]);
        Touch([.. lines.SelectMany(line => line.Split(',').Where(field => field.Contains('/')))]);
    }

    private static string Refused(string root, params string[] categories) =>
        Assert.Throws<InvalidDatasetException>(() => ImageFolder.Open(root, categories)).Message;
}
