using StructCore.Edge.Benchmarking;
using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Features;

namespace StructCore.Tests.Benchmarking;

public sealed class BenchRunTests
{
    [Fact]
    public void Run_OfTheScorerForDevices_TimesItsOwnStages()
    {
        var options = new BenchOptions { Backbone = SharedFiles.EmbeddedBackbone, OnDevice = true, Rows = 40, Categories = 3, Size = 64, Batches = [1, 2], Duration = TimeSpan.FromTicks(1), Repeats = 2 };

        var report = new BenchRun(options, new OpenCvImageCodec(), TimeProvider.System).Run(new Progress<int>(), TestContext.Current.CancellationToken);

        Assert.Equal(["decode", "features", "routing", "scoring", "score", "whole"], report.Rows.Select(r => r.Stage).Distinct());
        Assert.All(report.Rows, r => Assert.Equal(2, r.Calls));
        Assert.Equal((3, 40), (report.Setup.Categories, report.Setup.BankRows));
        var (parts, whole) = (report.Rows.Where(r => r.Stage is "features" or "routing" or "scoring" && r.Batch == 2).Sum(r => r.MedianMs), report.Rows.Single(r => r.Stage == "whole" && r.Batch == 2));
        Assert.True(parts > 0 && whole.MedianMs > 0);
    }

    [Fact]
    public void Run_GivenUp_EndsBetweenTwoCalls()
    {
        using var stop = new CancellationTokenSource();
        var options = new BenchOptions { Backbone = SharedFiles.EmbeddedBackbone, Rows = 10, Size = 32, Duration = TimeSpan.FromHours(1) };

        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new BenchRun(options, new OpenCvImageCodec(), TimeProvider.System).Run(new Progress<int>(), stop.Token));
    }

    [Fact]
    public void SyntheticBanks_OfTheSameFeatures_AreTheSameAndDifferByCategory()
    {
        var backbone = BackboneManifestFile.Read(SharedFiles.EmbeddedBackbone);
        var features = new PatchFeatures(1, 2, backbone.Width, [.. Enumerable.Range(0, 2 * backbone.Width).Select(i => (float)Math.Sin(i))]);

        var (one, again) = (SyntheticBanks.Create(backbone, [features], 70, 2), SyntheticBanks.Create(backbone, [features], 70, 2));

        Assert.Equal(["synthetic-001", "synthetic-002"], one.Select(b => b.Manifest.Category));
        Assert.Equal(one[0].Memory.Values.ToArray(), again[0].Memory.Values.ToArray());
        Assert.NotEqual(one[0].Memory.Values.ToArray(), one[1].Memory.Values.ToArray());
        Assert.All(one, b => Assert.Equal((70, 64), (b.Memory.Rows, b.Routing.Rows)));
    }
}
