using StructCore.Edge.Configuration;

namespace StructCore.Tests.Configuration;

public sealed class AgentConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("structcore-configuration-");

    public static TheoryData<string> Examples => [.. Directory.GetFiles(Path.Combine(SharedFiles.Repository, "config"), "*.json").Select(f => Path.GetRelativePath(SharedFiles.Repository, f)), "appsettings.json"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_Wrong_ListsEveryErrorWithItsPath()
    {
        var error = Assert.Throws<InvalidConfigurationException>(() => Load("""
            {
              "Broker": { "Port": 0, "Password": "secret", "Tls": { "CaFile": "ca.pem", "KeyFile": "key.pem" } },
              "Store": "here",
              "Evidence": { "AcceptSampling": "often", "MaxAgeDays": 0, "MaxGigabytes": 0 },
              "Banks": { "Folder": "" },
              "Models": { "Provider": "tpu" },
              "Stations": [
                { "Id": "one", "Camera": "right", "QueueCapacity": "many" },
                { "Id": "one", "Camera": "left", "DeadlineMS": 50, "Deadline": 3 },
                { "Id": "a/b", "Broker": { "PasswordFile": "p" } }
              ],
              "Cameras": [
                { "Id": "right", "Kind": "gige", "Source": "x" },
                { "Id": "right", "Kind": "folder", "Source": "x", "Region": { "X": -1, "Width": 5, "Height": 5 }, "GenICam": { "Gain": 1 } },
                { "Id": "top", "Kind": "genicam", "GenICam": { "Trigger": "light", "Gain": "high", "PixelFormat": "Mono9", "Buffers": 1 } }
              ],
              "Colour": "red"
            }
            """));

        string File(string name) => Path.Combine(_folder.FullName, name);
        Assert.Equal(
            [
                "Banks:Folder: is missing.",
                "Broker:Password: a secret does not belong into the configuration. Put it into a file and name that: PasswordFile, KeyFile, SourceFile or HeadersFile; or into the variable STRUCTCORE_BROKER_PASSWORD or STRUCTCORE_HTTP_KEY.",
                "Broker:Port: 0 is out of range, 1 to 65535.",
                "Broker:Tls: CertificateFile and KeyFile belong together, one of them is missing.",
                $"Broker:Tls:CaFile: file '{File("ca.pem")}' does not exist.",
                $"Broker:Tls:KeyFile: file '{File("key.pem")}' does not exist.",
                "Cameras:0:Kind: 'gige' is not one of folder, opencv, genicam.",
                "Cameras:1: Id 'right' is taken by Cameras:0 already.",
                "Cameras:1:GenICam: is for cameras of kind genicam only, this one is of kind 'folder'. Set the camera's Kind or drop the section.",
                "Cameras:1:Region: 5 x 5 at (-1, 0) is no rectangle; X and Y are 0 or more, Width and Height 1 or more.",
                "Cameras:2:GenICam:Buffers: 1 is out of range, 2 to 64.",
                "Cameras:2:GenICam:Gain: 'high' is not a number.",
                "Cameras:2:GenICam:PixelFormat: 'Mono9' is not one of mono8, mono10, mono12, mono16, rgb8, bgr8, bayergr8, bayerrg8, bayergb8, bayerbg8.",
                "Cameras:2:GenICam:Trigger: 'light' is not one of software, hardware, free_run.",
                "Cameras:2:Source: is missing.",
                "Colour: unknown key; known: Broker, Store, Banks, Updates, Drift, Models, Evidence, Http, Telemetry, Stations, Cameras.",
                "Evidence:AcceptSampling: 'often' is not a number.",
                "Evidence:MaxAgeDays: 0 is out of range, 1 to 3650.",
                "Evidence:MaxGigabytes: 0 is out of range, 0.001 to 1000000.",
                "Models:Provider: 'tpu' is not one of cpu, cuda, tensorrt.",
                "Stations:0:QueueCapacity: 'many' is not a whole number.",
                "Stations:1: Site/Line/Id 'site1/line1/one' is taken by Stations:0 already.",
                "Stations:1:Camera: camera 'left' is not configured; known: right, top.",
                "Stations:1:Deadline: unknown key; known: Site, Line, Id, Camera, Categories, QueueCapacity, DeadlineMs, DeadlineMarginMs, ResultsPauseMs, PublishCode, Share, Broker.",
                "Stations:1:DeadlineMs: 50 is out of range, 100 to 60000.",
                $"Stations:2:Broker:PasswordFile: file '{File("p")}' does not exist.",
                "Stations:2:Broker:UserName: is missing, but there is a PasswordFile.",
                "Stations:2:Camera: is missing.",
                "Stations:2:Id: 'a/b' does not match [A-Za-z0-9_-][A-Za-z0-9._-]{0,63}.",
                "Store: 'here' is a value, a section is expected.",
            ],
            error.Errors.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{ \"Stations\": [ }", "LineNumber: 0")]
    [InlineData("{}", "Stations: at least one station is needed.")]
    [InlineData("""{ "Store": { "MaxAgeDays": 9 }, "Broker": { "SessionExpiryHours": 200 } }""", "Store:MaxAgeDays: 9 days are too short: a broker keeps triggers for 200 hours (SessionExpiryHours), and one it sends again must be known. Set 10 or more.")]
    [InlineData("""{ "Models": { "Precision": "fp16" } }""", "Models:Precision: is for GPUs, Models:Provider is cpu.")]
    [InlineData("""{ "Models": { "CudaGraphs": true } }""", "Models:CudaGraphs: is for GPUs, Models:Provider is cpu.")]
    [InlineData("""{ "Drift": { "Window": 19 } }""", "Drift:Window: 19 accepted parts are too few to compare; set 20 or more, or 0 to compare none.")]
    [InlineData("""{ "Updates": { "BaseUrl": "http://updates.plant/banks" } }""", "Updates:BaseUrl: is no address like https://updates.plant/banks")]
    [InlineData("""{ "Updates": { "BaseUrl": "https://user@updates.plant" } }""", "Updates:BaseUrl: is no address like https://updates.plant/banks")]
    [InlineData("""{ "Updates": { "BaseUrl": "updates.plant" } }""", "Updates:BaseUrl: is no address like https://updates.plant/banks")]
    [InlineData("""{ "Updates": { "TokenFile": "none" } }""", "Updates:TokenFile: file")]
    public void Load_NotUsable_SaysWhy(string json, string reason)
    {
        var error = Assert.Throws<InvalidConfigurationException>(() => Load(json));
        Assert.Contains(error.Errors, e => e.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_NoSuchFile_NamesItAndTheRemedy()
    {
        var path = Path.Combine(_folder.FullName, "none.json");
        var error = Assert.Throws<InvalidConfigurationException>(() => AgentConfiguration.Load(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("--config", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RelativePaths_AreMeantFromTheFile()
    {
        var options = Load("""
            {
              "Banks": { "Folder": "my-banks" },
              "Stations": [ { "Id": "one", "Camera": "c" } ],
              "Cameras": [ { "Id": "c", "Source": "images" }, { "Id": "d", "Kind": "opencv", "Source": "0" } ]
            }
            """).Options;

        Assert.Equal(Path.Combine(_folder.FullName, "my-banks"), options.Banks.Folder);
        Assert.Equal(Path.Combine(_folder.FullName, "images"), options.Cameras[0].Source);
        Assert.Equal("0", options.Cameras[1].Source);
    }

    [Fact]
    public void Load_Variables_OverrideTheFile()
    {
        var variable = AgentConfiguration.EnvironmentPrefix + "Stations__0__DeadlineMarginMs";
        Environment.SetEnvironmentVariable(variable, "77");
        try
        {
            Assert.Equal(77, Load("""{ "Stations": [ { "Id": "one", "Camera": "c" } ], "Cameras": [ { "Id": "c", "Source": "x" } ] }""").Options.Stations[0].DeadlineMarginMs);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Theory]
    [InlineData("""{ "Broker": { "password": "geheim" } }""", "Broker:password")]
    [InlineData("""{ "Broker": { "PASSWORD": { "Value": "geheim" } } }""", "Broker:PASSWORD")]
    [InlineData("""{ "Broker": { "Pwd": "geheim" } }""", "Broker:Pwd")]
    [InlineData("""{ "Broker": { "UserPass": "geheim" } }""", "Broker:UserPass")]
    [InlineData("""{ "Broker:Password": "geheim" }""", "Broker:Password")]
    [InlineData("""{ "Stations": [ { "Broker": { "Password": "geheim" } } ] }""", "Stations:0:Broker:Password")]
    [InlineData("""{ "Broker": { "Tls": { "KeyPassphrase": "geheim" } } }""", "Broker:Tls:KeyPassphrase")]
    [InlineData("""{ "Http": { "Key": "geheim" } }""", "Http:Key")]
    [InlineData("""{ "Telemetry": { "Otlp": { "Token": "geheim" } } }""", "Telemetry:Otlp:Token")]
    [InlineData("""{ "Password": "geheim" }""", "Password")]
    [InlineData("""{ "Broker": "mqtt://agent:geheim@broker" }""", "Broker")]
    [InlineData("""{ "Broker": { "Host": "mqtts://agent:geheim@broker" } }""", "Broker:Host")]
    [InlineData("""{ "Broker": { "Host": "agent:geheim@broker" } }""", "Broker:Host")]
    [InlineData("""{ "Cameras": [ { "Source": "rtsp://admin:geheim@camera/stream" } ] }""", "Cameras:0:Source")]
    [InlineData("""{ "Cameras": [ { "Source": "rtsp://admin:geh@eim@camera/stream" } ] }""", "Cameras:0:Source")]
    [InlineData("""{ "Cameras": [ { "Source": "rtspsrc location=rtsp://c user-id=a user-pw=geheim ! appsink" } ] }""", "Cameras:0:Source")]
    public void Load_SecretInTheFile_IsRefusedWithTheRemedyAndNeverShown(string json, string path)
    {
        var error = Assert.Throws<InvalidConfigurationException>(() => Load(json));

        Assert.Contains(error.Errors, e => e.StartsWith($"{path}: ", StringComparison.Ordinal));
        Assert.DoesNotContain("geheim", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("eim@", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SourceFile_GivesTheSource()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "address"), "rtsp://admin:geheim@camera/stream\n");
        var options = Load("""{ "Stations": [ { "Id": "one", "Camera": "c" } ], "Cameras": [ { "Id": "c", "Kind": "opencv", "SourceFile": "address" } ] }""");

        Assert.Equal("rtsp://admin:geheim@camera/stream", options.Options.Cameras[0].Source);
        Assert.Equal([Path.Combine(_folder.FullName, "address")], options.SecretFiles);
    }

    [Theory]
    [InlineData("""{ "SourceFile": "none" }""", "Cameras:0:SourceFile: Could not find file")]
    [InlineData("""{ "SourceFile": "empty" }""", "Cameras:0:SourceFile: '{0}/empty' gives no source")]
    [InlineData("""{ "Id": "c" }""", "Cameras:0:Source: is missing.")]
    [InlineData("""{ "Id": "../c" }""", "Cameras:0:Id: '../c' does not match")]
    public void Load_CameraWithoutSourceOrName_SaysWhich(string camera, string expected)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "empty"), "");
        var error = Assert.Throws<InvalidConfigurationException>(() => Load($$"""{ "Cameras": [ {{camera}} ] }"""));
        Assert.Contains(error.Errors, e => e.StartsWith(expected.Replace("{0}", _folder.FullName, StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void SecretFile_OthersMayReadIt_IsOpen()
    {
        var path = Path.Combine(_folder.FullName, "password");
        File.WriteAllText(path, "geheim");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.False(SecretFile.IsOpenToStrangers(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.True(SecretFile.IsOpenToStrangers(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupWrite);
        Assert.True(SecretFile.IsOpenToStrangers(path));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Load_Examples_LackNothingButTheFilesTheyName(string example)
    {
        try
        {
            AgentConfiguration.Load(Path.Combine(SharedFiles.Repository, example));
        }
        catch (InvalidConfigurationException e)
        {
            Assert.All(e.Errors, error => Assert.EndsWith("does not exist.", error, StringComparison.Ordinal));
        }
    }

    private AgentConfiguration Load(string json)
    {
        var path = Path.Combine(_folder.FullName, "line.json");
        File.WriteAllText(path, json);
        return AgentConfiguration.Load(path);
    }
}
