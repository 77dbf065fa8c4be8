using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StructCore.Tests;

/// <summary>The golden cases again in processes that may not use all of this processor, so that what smaller machines run is tested too.</summary>
public sealed class NarrowerVectorsTests
{
    private const string Child = "STRUCTCORE_VECTORS";

    [Theory]
    [InlineData("EnableAVXVNNI")]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX2")]
    public async Task GoldenCases_WithoutAnInstructionSet_AreMet(string switchedOff)
    {
        Assert.SkipUnless(Sse.IsSupported, "Only x86 processors have these switches.");
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Child) is null, "Runs in the parent only.");
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noLogo", "-noColor", "-trait", "Suite=golden", "-trait", "Suite=vectors"]) { RedirectStandardOutput = true };
        start.Environment[Child] = switchedOff;
        start.Environment["DOTNET_" + switchedOff] = "0";
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, said);
    }

    [Fact]
    [Trait("Suite", "vectors")]
    public void Processor_WithoutAnInstructionSet_LacksIt()
    {
        var switchedOff = Environment.GetEnvironmentVariable(Child);
        Assert.False(switchedOff == "EnableAVXVNNI" && AvxVnni.IsSupported);
        Assert.False(switchedOff == "EnableAVX512" && Vector512.IsHardwareAccelerated);
        Assert.False(switchedOff == "EnableAVX2" && Vector256.IsHardwareAccelerated);
    }
}
