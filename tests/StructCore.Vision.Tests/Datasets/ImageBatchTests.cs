using StructCore.Vision.Datasets;

namespace StructCore.Tests.Datasets;

public sealed class ImageBatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_PlainFolder_TakesItsImagesInOrderWithoutTruth()
    {
        Add("b.png", "a.jpg", "notes.txt", "deeper/c.png");

        Assert.Equal([new BatchImage(_folder["a.jpg"], null), new BatchImage(_folder["b.png"], null)], ImageBatch.Open(_folder.Path));
    }

    [Fact]
    public void Open_FolderOfKinds_KnowsGoodFromDefective()
    {
        Add("good/a.png", "crack/z.png", "uneven/b.png");

        Assert.Equal([new BatchImage(_folder["crack/z.png"], true), new BatchImage(_folder["good/a.png"], false), new BatchImage(_folder["uneven/b.png"], true)], ImageBatch.Open(_folder.Path));
    }

    [Fact]
    public void Open_FolderOfFolders_WithoutGoodTellsNoTruth()
    {
        Add("monday/a.png", "tuesday/a.png");

        Assert.All(ImageBatch.Open(_folder.Path), image => Assert.Null(image.Defective));
    }

    [Fact]
    public void Open_Category_TakesItsTestImages()
    {
        Add("train/good/t.png", "test/good/a.png", "test/crack/b.png", "ground_truth/crack/b_mask.png");

        Assert.Equal([_folder["test/crack/b.png"], _folder["test/good/a.png"]], ImageBatch.Open(_folder.Path).Select(i => i.Path));
    }

    [Fact]
    public void Open_WithoutImages_SaysWhatIsExpected()
    {
        Add("notes.txt");

        Assert.Contains("has no images", Assert.Throws<InvalidDatasetException>(() => ImageBatch.Open(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<InvalidDatasetException>(() => ImageBatch.Open(_folder["none"])).Message, StringComparison.Ordinal);
    }

    private void Add(params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            File.WriteAllText(_folder[name], "");
        }
    }
}
