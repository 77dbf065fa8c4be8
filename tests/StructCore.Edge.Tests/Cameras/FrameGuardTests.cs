using StructCore.Edge.Cameras;
using StructCore.Tests.Fakes;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Cameras;

public sealed class FrameGuardTests
{
    private const int Height = 100;
    private const int Width = 200;
    private readonly FakeTimeProvider _time = new();
    private readonly CameraGuardOptions _options = new();

    [Fact]
    public void Check_FrameFromBeforeTheTrigger_IsStaleAndTellsItsAge()
    {
        var guard = Guard();
        var frame = Lit(1);
        _time.Advance(TimeSpan.FromMilliseconds(35.5));

        var fault = guard.Check(frame, _time.GetTimestamp());

        Assert.StartsWith("stale_frame: camera 'cam' gave frame 'f1', captured 35.5 ms before the trigger was received", fault!.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, guard.Count(default).Stale);
    }

    [Fact]
    public void Check_FrameFromTheMomentOfTheTrigger_Passes() => Assert.Null(Guard().Check(Lit(1), _time.GetTimestamp()));

    [Fact]
    public void Check_StaleFrame_IsNotThePictureTheNextOneIsComparedWith()
    {
        var guard = Guard();
        var frame = Lit(1);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        guard.Check(frame, _time.GetTimestamp());

        Assert.Null(guard.Check(frame with { Timestamp = _time.GetTimestamp() }, _time.GetTimestamp()));
    }

    [Fact]
    public void Check_TheSamePictureTwice_IsFrozenEachTime()
    {
        var guard = Guard();
        Assert.Null(guard.Check(Lit(1), 0));

        Assert.StartsWith("camera_frozen: camera 'cam' gave frame 'f1' the same to the last bit as the one before", guard.Check(Lit(1), 0)!.ToString(), StringComparison.Ordinal);
        Assert.Equal("camera_frozen", guard.Check(Lit(1), 0)?.Code);
        Assert.Equal(2, guard.Count(default).Frozen);
        Assert.Null(guard.Check(Lit(2), 0));
    }

    [Fact]
    public void Check_FirstPictureThatTheSourceSaysRepeats_IsFrozen() =>
        Assert.Equal("camera_frozen", Guard().Check(Lit(1) with { Repeats = true }, 0)?.Code);

    [Fact]
    public void Check_OneBitOfNoise_IsNotFrozen()
    {
        var guard = Guard();
        guard.Check(Lit(1), 0);

        Assert.Null(guard.Check(Of(p => p == (Height * Width * 3) - 1 ? (byte)101 : (byte)100, 1), 0));
    }

    [Fact]
    public void Check_TheSameBytesInAnotherShape_AreNotFrozen()
    {
        var guard = Guard();
        var frame = Lit(1);
        guard.Check(frame, 0);

        Assert.Null(guard.Check(frame with { Image = new RgbImage(Width, Height, frame.Image.Pixels.ToArray()) }, 0));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Check_TheSamePictureTwice_IsFineForFilesAndWhereItIsSwitchedOff(bool live, bool frozen)
    {
        _options.Frozen = frozen;
        var guard = Guard(live);
        guard.Check(Lit(1), 0);

        Assert.Null(guard.Check(Lit(1), 0));
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public void Check_FewerThanOnePixelInAThousandLit_IsBlack(int lit, bool black)
    {
        var guard = Guard();

        var fault = guard.Check(Of(p => p % 3 == 0 && p / 3 % 997 == 0 && p / 3 / 997 < lit ? (byte)8 : (byte)7), 0);

        Assert.Equal(black ? "camera_black" : null, fault?.Code);
        Assert.Equal(black ? 1 : 0, guard.Count(default).Black);
    }

    [Fact]
    public void Check_BlackTwice_IsBlackAndNotFrozen()
    {
        var guard = Guard();
        guard.Check(Of(_ => 0), 0);

        Assert.Equal("camera_black", guard.Check(Of(_ => 0), 0)?.Code);
    }

    [Fact]
    public void Check_BlackSwitchedOff_Passes()
    {
        _options.BlackLevel = 0;

        Assert.Null(Guard().Check(Of(_ => 0), 0));
    }

    [Fact]
    public void Check_SmallestFrame_IsLitByOnePixel()
    {
        var guard = Guard();
        Frame One(byte level) => new("f", new RgbImage(1, 1, [level, 0, 0]), _time.GetUtcNow(), _time.GetTimestamp());

        Assert.Null(guard.Check(One(8), 0));
        Assert.Equal("camera_black", guard.Check(One(7), 0)?.Code);
    }

    private FrameGuard Guard(bool live = true) => new("cam", _options, live, _time);

    private Frame Lit(byte picture) => Of(p => (byte)(99 + picture), picture);

    private Frame Of(Func<int, byte> pixel, int id = 0) =>
        new($"f{id}", new RgbImage(Height, Width, [.. Enumerable.Range(0, Height * Width * 3).Select(pixel)]), _time.GetUtcNow(), _time.GetTimestamp());
}
