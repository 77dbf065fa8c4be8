using StructCore.Edge.Commands;
using StructCore.Edge.Native.OpenCv;
using StructCore.Tests.Cameras;

namespace StructCore.Tests.Commands;

public sealed class CameraCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("structcore-camera-command-");
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task List_Camera_StandsInTheTable()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        Assert.Equal(0, await CommandLineRunner.RunAsync(["camera", "list"], _output, _error));
        var line = Assert.Single(_output.ToString().Split('\n'), l => l.Contains(fake.Serial, StringComparison.Ordinal));
        Assert.Equal([fake.Serial, "Aravis", "Fake", "127.0.0.1", "00:00:00:00:00:00", "GigEVision", $"Aravis-Fake-{fake.Serial}"], line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task List_Json_HoldsTheCamera()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        Assert.Equal(0, await CommandLineRunner.RunAsync(["camera", "list", "--json"], _output, _error));
        Assert.Contains($"\"serial\": \"{fake.Serial}\"", _output.ToString());
    }

    [Fact]
    public async Task Grab_GenICam_WritesTheFrameAndTellsWhatItTook()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        var picture = Path.Combine(_folder.FullName, "left.png");
        var code = await Grab("left", picture, $$"""{ "Id": "left", "Kind": "genicam", "Source": "{{fake.Serial}}", "GenICam": { "ExposureMicroseconds": 10000, "Gain": 0 } }""");
        Assert.True(code == 0, _error.ToString());
        var image = new OpenCvImageCodec().Decode(File.ReadAllBytes(picture), picture);
        Assert.Equal((24, 32), (image.Height, image.Width));
        _ = FakeRamp.Number(image);
        var told = _output.ToString();
        Assert.Contains($"camera    left: genicam '{fake.Serial}'", told);
        Assert.Contains("ms; 1 frames, 0 incomplete, 0 packets lost", told);
        Assert.Contains("frame     left-000001: 24 x 32 (height x width), captured at ", told);
        Assert.Contains($"written   {picture}", told);
    }

    [Fact]
    public async Task Grab_CameraThatFails_SaysWhy()
    {
        Assert.Equal(1, await Grab("left", "x.png", """{ "Id": "left", "Kind": "genicam", "Source": "127.66.77.88" }"""));
        Assert.StartsWith("structcore: Camera 'left': no GigE Vision camera answers at '127.66.77.88'. Check its power and cable", _error.ToString());
        Assert.False(File.Exists("x.png"));
    }

    [Fact]
    public async Task Grab_CameraOfAnotherName_ListsThoseThereAre()
    {
        Assert.Equal(1, await Grab("right", "x.png", """{ "Id": "left", "Source": "images" }"""));
        Assert.Equal($"structcore: Camera 'right' is not configured in '{Path.Combine(_folder.FullName, "line.json")}'; known: left.", _error.ToString().TrimEnd());
    }

    private Task<int> Grab(string camera, string picture, string configured)
    {
        var configuration = Path.Combine(_folder.FullName, "line.json");
        File.WriteAllText(configuration, $$"""{ "Stations": [ { "Id": "one", "Camera": "left" } ], "Cameras": [ {{configured}} ] }""");
        return CommandLineRunner.RunAsync(["camera", "grab", "--config", configuration, "--camera", camera, "--out", picture], _output, _error);
    }
}
