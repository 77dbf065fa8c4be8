using StructCore.Edge.Cameras;
using StructCore.Tests.Fakes;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Cameras;

public sealed class TimedImageCodecTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(700);
    private readonly FakeTimeProvider _time = new();
    private readonly FakeCodec _inner = new();
    private readonly TimedImageCodec _codec;

    public TimedImageCodecTests() => _codec = new(_inner, Limit, _time);

    [Fact]
    public void Decode_InTime_GivesTheImageOfTheseBytes()
    {
        var image = new RgbImage(1, 1, [1, 2, 3]);
        _inner.Decoding = (bytes, source) => bytes.SequenceEqual(new byte[] { 7, 8 }) && source == "a.png" ? image : throw new InvalidImageException("other bytes");

        Assert.Same(image, _codec.Decode([7, 8], "a.png"));
    }

    [Fact]
    public void Decode_FileThatIsRefused_ThrowsWhatTheCodecThrew()
    {
        _inner.Decoding = (_, _) => throw new InvalidImageException("no image");

        Assert.Equal("no image", Assert.Throws<InvalidImageException>(() => _codec.Decode([1], "a.png")).Message);
    }

    [Fact]
    public async Task Decode_ThatDoesNotComeBack_IsGivenUp()
    {
        using var go = new SemaphoreSlim(0);
        _inner.Decoding = (_, _) => Block(go);

        var error = await GiveUpAsync("slow.png");

        Assert.StartsWith("Image 'slow.png' of 3 bytes was not decoded within 700 ms.", error.Message, StringComparison.Ordinal);
        go.Release();
    }

    [Fact]
    public async Task Decode_WhileTwoHang_BeginsNoThirdUntilOneIsBack()
    {
        using var go = new SemaphoreSlim(0);
        var begun = 0;
        _inner.Decoding = (_, _) => Interlocked.Increment(ref begun) <= 2 ? Block(go) : new RgbImage(1, 1, [1, 2, 3]);
        await GiveUpAsync("1.png");
        await GiveUpAsync("2.png");

        var refused = Assert.Throws<InvalidImageException>(() => _codec.Decode([1, 2, 3], "3.png"));

        Assert.StartsWith("Image '3.png' is not decoded: 2 others have not come back", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, begun);
        go.Release();
        Assert.True(SpinWait.SpinUntil(ComesBack, Patience));
        go.Release();

        bool ComesBack()
        {
            try
            {
                return _codec.Decode([1, 2, 3], "3.png").Width == 1;
            }
            catch (InvalidImageException)
            {
                return false;
            }
        }
    }

    private static RgbImage Block(SemaphoreSlim go)
    {
        go.Wait();
        throw new InvalidImageException("too late for anybody");
    }

    private async Task<InvalidImageException> GiveUpAsync(string source)
    {
        var waits = _time.WaitBegunAsync(Limit);
        var decoding = Task.Run(() => _codec.Decode([1, 2, 3], source));
        await waits.WaitAsync(Patience);
        _time.Advance(Limit);
        return await Assert.ThrowsAsync<InvalidImageException>(() => decoding.WaitAsync(Patience));
    }

    private sealed class FakeCodec : IImageCodec
    {
        public Func<byte[], string, RgbImage> Decoding { get; set; } = (_, _) => throw new InvalidImageException("not said what to do");

        public RgbImage Decode(ReadOnlySpan<byte> encoded, string source) => Decoding([.. encoded], source);

        public void EncodePng(RgbImage image, Stream target)
        {
        }

        public void EncodeJpeg(RgbImage image, Stream target, int quality = 90)
        {
        }
    }
}
