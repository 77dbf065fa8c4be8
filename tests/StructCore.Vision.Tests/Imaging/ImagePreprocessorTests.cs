using FsCheck;
using FsCheck.Fluent;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Imaging;

public sealed class ImagePreprocessorTests
{
    [Fact]
    public void Crop_AnySize_EqualsNaiveTwin()
    {
        var sizes = from height in Gen.Choose(1, 90)
                    from width in Gen.Choose(1, 90)
                    from resize in Gen.Choose(1, 70)
                    from crop in Gen.Choose(1, resize)
                    from seed in Gen.Choose(0, int.MaxValue)
                    select (height, width, resize, crop, seed);
        Prop.ForAll(sizes.ToArbitrary(), s =>
        {
            var image = RandomImage.Of(s.height, s.width, s.seed);
            var got = ImagePreprocessor.Crop(image, FrameMode.CentreCrop, s.resize, s.crop);
            return got.Pixels.SequenceEqual(NaiveResizer.Resize(image, s.resize, s.crop).Pixels);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3000)]
    [InlineData(3000, 1)]
    [InlineData(1024, 1024)]
    [InlineData(100, 70)]
    [InlineData(448, 448)]
    public void Crop_ToBackboneSize_EqualsNaiveTwin(int height, int width)
    {
        var image = RandomImage.Of(height, width);
        Assert.Equal(NaiveResizer.Resize(image, 448, 392).Pixels, ImagePreprocessor.Crop(image, FrameMode.CentreCrop, 448, 392).Pixels);
        Assert.Equal(NaiveResizer.Resize(image, 392, 392).Pixels, ImagePreprocessor.Crop(image, FrameMode.FullFrame, 448, 392).Pixels);
    }

    [Fact]
    public void Crop_WhiteImage_StaysWhite()
    {
        var white = new RgbImage(777, 513, [.. Enumerable.Repeat((byte)255, 777 * 513 * 3)]);
        Assert.True(ImagePreprocessor.Crop(white, FrameMode.FullFrame, 448, 392).Pixels.IndexOfAnyExcept((byte)255) < 0);
    }

    [Fact]
    public void Crop_LargerThanResize_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImagePreprocessor.Crop(RandomImage.Of(4, 4), FrameMode.CentreCrop, 224, 256));

    [Fact]
    public void Normalise_TargetOfWrongSize_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ImagePreprocessor.Normalise(RandomImage.Of(4, 4), [0, 0, 0], [1, 1, 1], new float[47]));

    [Fact]
    public void Normalise_EveryLevel_EqualsNaiveTwin()
    {
        var image = new RgbImage(16, 16, [.. Enumerable.Range(0, 768).Select(i => (byte)(i / 3))]);
        var got = new float[768];
        ImagePreprocessor.Normalise(image, [0.1f, 0.2f, 0.3f], [0.4f, 0.5f, 0.6f], got);
        Assert.Equal(NaiveNormaliser.Normalise(image, [0.1f, 0.2f, 0.3f], [0.4f, 0.5f, 0.6f]), got);
    }

    [Theory]
    [InlineData(FrameMode.CentreCrop, 1)]
    [InlineData(FrameMode.CentreCrop, 3)]
    [InlineData(FrameMode.FullFrame, 1)]
    [InlineData(FrameMode.FullFrame, 40)]
    public void ToTensor_AnyFrame_EqualsTheTwoSteps(FrameMode mode, int threads)
    {
        var frame = RandomImage.Of(50, 61);
        var (want, got) = (new float[3 * 28 * 28], new float[3 * 28 * 28]);
        ImagePreprocessor.Normalise(ImagePreprocessor.Crop(frame, mode, 32, 28), [0.1f, 0.2f, 0.3f], [0.4f, 0.5f, 0.6f], want);
        ImagePreprocessor.ToTensor(frame, mode, 32, 28, [0.1f, 0.2f, 0.3f], [0.4f, 0.5f, 0.6f], got, threads);
        Assert.Equal(want, got);
        Assert.Throws<ArgumentException>(() => ImagePreprocessor.ToTensor(frame, mode, 32, 28, [0, 0, 0], [1, 1, 1], new float[47]));
    }

    [Fact]
    public void ToTensor_FrameOfOneSize_AllocatesNextToNothing()
    {
        var (frame, tensor) = (RandomImage.Of(300, 400), new float[3 * 392 * 392]);
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            ImagePreprocessor.ToTensor(frame, FrameMode.CentreCrop, 448, 392, [0, 0, 0], [1, 1, 1], tensor);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The pool may hand its arrays to another test in between: what counts is that a call can do without.
        Assert.True(Enumerable.Range(0, 20).Min(_ => Allocated()) < 1024);
    }

    [Fact]
    public void Cut_Rectangle_KeepsItsPixels()
    {
        var image = RandomImage.Of(5, 7);
        var cut = image.Cut(2, 1, 4, 3);
        Assert.Equal((3, 4), (cut.Height, cut.Width));
        for (var y = 0; y < 3; y++)
        {
            Assert.Equal(image.Row(y + 1).Slice(6, 12), cut.Row(y));
        }
    }

    [Theory]
    [InlineData(-1, 0, 2, 2)]
    [InlineData(0, 0, 0, 2)]
    [InlineData(5, 0, 3, 2)]
    [InlineData(0, 4, 2, 2)]
    [InlineData(int.MaxValue, 0, 2, 2)]
    public void Cut_RectangleBeyondTheBorder_IsRefused(int x, int y, int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomImage.Of(5, 7).Cut(x, y, width, height));
}
