using StructCore.Edge.Cameras;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Cameras;

/// <summary>What every <see cref="ICamera"/> must do, against a source that works.</summary>
public abstract class CameraContract : IAsyncLifetime
{
    protected const int Height = 24;
    protected const int Width = 32;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("structcore-camera-").FullName;

    /// <summary>Options of a source that gives frames of <see cref="Height"/> x <see cref="Width"/>.</summary>
    protected abstract CameraOptions Working();

    /// <summary>Options of a source that does not exist.</summary>
    protected abstract CameraOptions Missing();

    protected abstract ICamera Create(CameraOptions options);

    [Fact]
    public async Task Grab_AfterOpen_GivesAWholeFrame()
    {
        await using var camera = await Opened(Working());
        var before = TimeProvider.System.GetUtcNow();
        var result = await camera.GrabAsync(default);
        Assert.True(result.Failure is null, result.Failure);
        Assert.Equal((Height, Width), (result.Frame!.Image.Height, result.Frame.Image.Width));
        Assert.InRange(result.Frame.CapturedAt, before, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Grab_ManyTimes_GivesDifferentFrameIds()
    {
        await using var camera = await Opened(Working());
        HashSet<string> ids = [];
        for (var i = 0; i < 7; i++)
        {
            Assert.True(ids.Add((await camera.GrabAsync(default)).Frame!.FrameId));
        }
    }

    [Fact]
    public async Task Grab_Region_IsCut()
    {
        var options = Working();
        await using var whole = await Opened(options);
        var expected = (await whole.GrabAsync(default)).Frame!.Image.Cut(8, 4, 20, 16);
        await whole.DisposeAsync();

        options.Region = new RegionOfInterest { X = 8, Y = 4, Width = 20, Height = 16 };
        await using var cut = await Opened(options);
        var got = (await cut.GrabAsync(default)).Frame!.Image;
        Assert.Equal((16, 20), (got.Height, got.Width));
        if (IsRepeatable)
        {
            Assert.Equal(expected.Pixels, got.Pixels);
        }
    }

    [Theory]
    [InlineData(-1, 0, 8, 8)]
    [InlineData(0, 0, Width + 1, 8)]
    [InlineData(0, Height - 7, 8, 8)]
    [InlineData(0, 0, 8, 0)]
    public async Task OpenOrGrab_RegionOutsideOfTheFrame_Fails(int x, int y, int width, int height)
    {
        var options = Working();
        options.Region = new RegionOfInterest { X = x, Y = y, Width = width, Height = height };
        await using var camera = Create(options);
        var result = await FirstGrab(camera);
        Assert.Null(result.Frame);
        Assert.Contains($"'{options.Id}'", result.Failure);
        Assert.Contains($"its region of {height} x {width} at x {x}, y {y} does not lie inside", result.Failure);
    }

    [Fact]
    public async Task Grab_BeforeOpen_Fails()
    {
        await using var camera = Create(Working());
        Assert.Equal("Camera 'cam-1' is not open.", (await camera.GrabAsync(default)).Failure);
    }

    [Fact]
    public async Task Grab_Cancelled_Throws()
    {
        await using var camera = await Opened(Working());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => camera.GrabAsync(new CancellationToken(true)));
    }

    [Fact]
    public async Task Open_MissingSource_NamesCameraAndSource()
    {
        var options = Missing();
        await using var camera = Create(options);
        var error = await Assert.ThrowsAsync<CameraException>(() => camera.OpenAsync(default));
        Assert.Contains("'cam-1'", error.Message);
        Assert.Contains($"'{options.Source}'", error.Message);
        Assert.Contains("Check", error.Message);
        Assert.NotNull((await camera.GrabAsync(default)).Failure);
    }

    [Fact]
    public async Task Open_Again_GivesFramesAgain()
    {
        await using var camera = await Opened(Working());
        var first = await camera.GrabAsync(default);
        await camera.OpenAsync(default);
        var second = await camera.GrabAsync(default);
        Assert.NotNull(second.Frame);
        Assert.NotEqual(first.Frame!.FrameId, second.Frame.FrameId);
    }

    [Fact]
    public async Task Dispose_Twice_DoesNothing()
    {
        var camera = await Opened(Working());
        await camera.DisposeAsync();
        await camera.DisposeAsync();
        Assert.Null((await camera.GrabAsync(default)).Frame);
    }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether a source opened again begins with the same frame.</summary>
    protected virtual bool IsRepeatable => true;

    /// <summary>Some devices cut the region themselves and refuse a wrong one when they are opened.</summary>
    private static async Task<GrabResult> FirstGrab(ICamera camera)
    {
        try
        {
            await camera.OpenAsync(default);
            return await camera.GrabAsync(default);
        }
        catch (CameraException e)
        {
            return GrabResult.Failed(e.Message);
        }
    }

    protected async Task<ICamera> Opened(CameraOptions options)
    {
        var camera = Create(options);
        await camera.OpenAsync(default);
        return camera;
    }

    /// <summary>Frame <paramref name="index"/>: its number as 12 squares, black or white, which any compression leaves readable.</summary>
    protected static RgbImage Numbered(int index)
    {
        var pixels = new byte[Height * Width * RgbImage.Channels];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (y, x) = (i / 3 / Width, i / 3 % Width);
            pixels[i] = (index >> Square(y, x) & 1) == 1 ? (byte)255 : (byte)0;
        }

        return new RgbImage(Height, Width, pixels);
    }

    /// <summary>The number in a frame that <see cref="Numbered"/> made.</summary>
    protected static int Number(RgbImage image)
    {
        var number = 0;
        for (var y = 4; y < Height; y += 8)
        {
            for (var x = 4; x < Width; x += 8)
            {
                number |= image.Row(y)[x * RgbImage.Channels] > 127 ? 1 << Square(y, x) : 0;
            }
        }

        return number;
    }

    private static int Square(int y, int x) => (y / 8 * (Width / 8)) + (x / 8);
}
