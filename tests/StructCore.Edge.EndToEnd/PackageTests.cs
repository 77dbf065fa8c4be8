namespace StructCore.Tests;

/// <summary>What <c>scripts/package</c>, <c>scripts/publish</c> and <c>scripts/install</c> put where.</summary>
public sealed class PackageTests : IDisposable
{
    private const string PackageTool = "/usr/bin/dpkg-deb";
    private const string DependencyTool = "/usr/bin/dpkg-shlibdeps";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private readonly string _folder = Directory.CreateTempSubdirectory("structcore-package-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Package_HoldsProgramAdaptersAndBackbone_AndSaysWhatItNeeds()
    {
        Assert.SkipUnless(File.Exists(PackageTool) && File.Exists(DependencyTool), $"needs '{PackageTool}' and '{DependencyTool}' (Debian packages dpkg and dpkg-dev; scripts/setup installs them)");
        await RunAsync(Script("package"), "--out", _folder);
        var deb = Assert.Single(Directory.GetFiles(_folder));
        var control = await RunAsync(PackageTool, "--field", deb);
        var root = Path.Combine(_folder, "root");
        await RunAsync(PackageTool, "--raw-extract", deb, root);
        string[] expected =
        [
            "usr/lib/structcore-edge/structcore", "usr/lib/structcore-edge/libcoreclr.so", "usr/lib/structcore-edge/libonnxruntime.so", "usr/lib/structcore-edge/models/proc-r10.onnx",
            "usr/lib/structcore-edge/adapters/StructCore.Edge.Native.dll", "usr/lib/structcore-edge/adapters/libstructcore_opencv.so", "usr/lib/structcore-edge/adapters/runtimes/linux-x64/native/libe_sqlite3.so",
            "usr/lib/structcore-edge/licenses/dotnet-LICENSE.TXT", "usr/bin/structcore", "usr/lib/systemd/system/structcore-edge.service", "usr/lib/sysusers.d/structcore-edge.conf",
            "usr/lib/tmpfiles.d/structcore-edge.conf", "usr/share/doc/structcore-edge/copyright", "etc/structcore-edge/appsettings.json", "DEBIAN/postinst", "DEBIAN/prerm", "DEBIAN/postrm",
        ];
        Assert.All(expected, f => Assert.True(File.Exists(Path.Combine(root, f)), f));
        Assert.Equal("/etc/structcore-edge/appsettings.json\n", await File.ReadAllTextAsync(Path.Combine(root, "DEBIAN", "conffiles")));
        Assert.All(
            ["Package: structcore-edge\n", "Architecture: amd64\n", "libmosquitto1", "libopencv-videoio", "libc6 (>= ", "Recommends: libaravis-0.8-0\n"],
            f => Assert.Contains(f, control, StringComparison.Ordinal));
        Assert.Matches(@"(?m)^Version: \d+\.\d+\.\d+$", control);
        await RunAsync("/bin/sh", "-c", $"cd '{root}' && md5sum --quiet -c DEBIAN/md5sums");

        // The program runs from where it was unpacked, with the runtime it brought.
        await using var process = new ToolProcess(Path.Combine(root, "usr/bin/structcore"), ["--version"], ("DOTNET_ROOT", "/nowhere"));
        Assert.Equal(0, await process.WaitAsync());
        Assert.StartsWith("StructCore.Edge ", process.Output, StringComparison.Ordinal);
        Assert.Contains("native adapters, .NET 10.", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_Packages_IsAnArchiveThatInstallsItself()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("STRUCTCORE_FULL") == "1", "builds a second program; set STRUCTCORE_FULL=1 (scripts/test --full does) where NuGet has the packages");
        await RunAsync(Script("publish"), "linux-x64-packages", "--out", _folder);
        await RunAsync("/bin/sh", "-c", $"cd '{_folder}' && sha256sum --quiet -c SHA256SUMS && tar xzf structcore-edge-*-linux-x64-packages.tar.gz && rm *.tar.gz");
        var archive = Assert.Single(Directory.GetDirectories(_folder));
        var root = Path.Combine(_folder, "root");
        await RunAsync(Path.Combine(archive, "scripts", "install"), "--root", root);

        await using var process = new ToolProcess(Path.Combine(root, "usr/bin/structcore"), ["--version"], ("DOTNET_ROOT", "/nowhere"));
        Assert.Equal(0, await process.WaitAsync());
        Assert.Contains("packages adapters, .NET 10.", process.Output, StringComparison.Ordinal);
        Assert.StartsWith($"StructCore.Edge {Path.GetFileName(archive).Split('-')[2].Replace(".changed", "", StringComparison.Ordinal)}", process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-arm64-native", "unknown 'linux-arm64-native' (known: linux-x64-native linux-x64-packages win-x64-packages, --out, --tree)")]
    [InlineData("--out", "--out needs a folder")]
    public async Task Publish_WrongUse_SaysWhatItTakes(string argument, string message)
    {
        await using var process = new ToolProcess(Script("publish"), [argument]);
        Assert.Equal(2, await process.WaitAsync());
        Assert.Contains(message, process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_AgainAndAway_KeepsConfigurationAndData()
    {
        var build = Path.Combine(_folder, "build");
        Directory.CreateDirectory(Path.Combine(build, "adapters"));
        await File.WriteAllTextAsync(Path.Combine(build, "structcore"), "#!/bin/sh\n");
        await File.WriteAllTextAsync(Path.Combine(build, "adapters", "StructCore.Edge.Native.dll"), "");
        await RunAsync("/bin/chmod", "+x", Path.Combine(build, "structcore"));
        var root = Path.Combine(_folder, "root");
        var (configuration, data, program) = (Path.Combine(root, "etc/structcore-edge/appsettings.json"), Path.Combine(root, "var/lib/structcore-edge/structcore.db"), Path.Combine(root, "usr/lib/structcore-edge"));
        string[] install = ["--root", root, "--build", build];

        await RunAsync(Script("install"), install);
        await File.WriteAllTextAsync(configuration, "{ }");
        Directory.CreateDirectory(Path.GetDirectoryName(data)!);
        await File.WriteAllTextAsync(data, "records");
        await File.WriteAllTextAsync(Path.Combine(program, "left-over.dll"), "");
        await RunAsync(Script("install"), install);
        Assert.Equal("{ }", await File.ReadAllTextAsync(configuration));
        Assert.False(File.Exists(Path.Combine(program, "left-over.dll")));
        Assert.True(File.Exists(Path.Combine(root, "usr/bin/structcore")));

        await RunAsync(Script("install"), "--root", root, "--uninstall");
        Assert.Equal("{ }", await File.ReadAllTextAsync(configuration));
        Assert.Equal("records", await File.ReadAllTextAsync(data));
        Assert.Equal([configuration, data], Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Install_UnknownOption_IsWrongUse()
    {
        await using var process = new ToolProcess(Script("install"), ["--prefix", "/opt"]);
        Assert.Equal(2, await process.WaitAsync());
        Assert.Contains("unknown option '--prefix'", process.Error, StringComparison.Ordinal);
    }

    private static string Script(string name) => Path.Combine(SharedFiles.Repository, "scripts", name);

    private static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        await using var process = new ToolProcess(tool, arguments);
        var code = await process.WaitAsync(Patience);
        Assert.True(code == 0, $"{tool} {string.Join(' ', arguments)} ended with {code}:\n{process.Output}\n{process.Error}");
        return process.Output;
    }
}
