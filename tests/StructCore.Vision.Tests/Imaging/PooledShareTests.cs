using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Imaging;

public sealed class PooledShareTests
{
    [Fact]
    public void Share_OneHolderLetsGo_TheOtherStillReads()
    {
        var image = RgbImage.Rent(1, 2, out var pixels);
        new byte[] { 1, 2, 3, 4, 5, 6 }.CopyTo(pixels);
        using var shared = image.Share();
        image.Dispose();
        image.Dispose();
        using var others = RgbImage.Rent(1, 2, out var other);
        other.Fill(9);

        Assert.Equal([1, 2, 3, 4, 5, 6], shared.Pixels.ToArray());
        Assert.Equal([4, 5, 6], shared.Cut(1, 0, 1, 1).Pixels.ToArray());
    }

    [Fact]
    public void Read_AfterLettingGo_Throws()
    {
        var image = RgbImage.Rent(1, 1, out _);
        image.Dispose();

        Assert.Throws<ObjectDisposedException>(() => image.Pixels.Length);
        Assert.Throws<ObjectDisposedException>(() => image.Row(0).Length);
        Assert.Throws<ObjectDisposedException>(() => image.Share());
    }

    [Fact]
    public void Dispose_ArrayOfTheCallersOwn_StaysReadable()
    {
        var image = new RgbImage(1, 1, [1, 2, 3]);
        image.Share().Dispose();
        image.Dispose();

        Assert.Equal([1, 2, 3], image.Pixels.ToArray());
    }

    [Fact]
    public void Rent_FeaturesOfABatch_GoBackWithTheLastOfThem()
    {
        var features = PatchFeatures.Rent(2, 1, 2, 2, out var values);
        for (var i = 0; i < 8; i++)
        {
            values.Span[i] = i;
        }

        features[0].Dispose();
        Assert.Throws<ObjectDisposedException>(() => features[0].Values.Length);
        Assert.Equal([4, 5, 6, 7], features[1].Values.ToArray());
        Assert.Equal([6, 7], features[1].Row(1).ToArray());
        features[1].Dispose();
        Assert.Throws<ObjectDisposedException>(() => features[1].Values.Length);
    }

    [Fact]
    public void Memory_WithoutHolders_IsRentedAgain()
    {
        // On one thread the pool gives back what came last; as often as it takes should another test's thread have been faster.
        const int Values = 12_345;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                var first = PooledShare<long>.Rent(Values);
                first.Span[0] = 42;
                first.Share().Dispose();
                first.Dispose();
                using var second = PooledShare<long>.Rent(Values);
                return second.Span[0] == 42;
            },
            TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Share_LettingGoFromManyThreads_NeverHandsOutMemoryThatIsRead()
    {
        Parallel.For(0, 20_000, i =>
        {
            var share = PooledShare<int>.Rent(100);
            share.Span.Fill(i);
            var (one, two) = (share.Share(), share.Share(10, 20));
            Parallel.Invoke(share.Dispose, one.Dispose);
            Assert.Equal(-1, two.Span.IndexOfAnyExcept(i));
            two.Dispose();
        });
    }
}
