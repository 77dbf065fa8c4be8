using StructCore.Tests.Evaluation;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.ZeroShot;

namespace StructCore.Tests.ZeroShot;

public sealed class BatchScreenerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, 4, 4, 0.3)]
    [InlineData(5, 3, 7, 0.3)]
    [InlineData(9, 6, 6, 1.0)]
    [InlineData(12, 7, 5, 0.3)]
    public void Screen_RandomBatches_AgreesWithTheNaiveTwin(int images, int height, int width, double share)
    {
        var batch = RandomTokens.Batch(images, height, width, images, 5, 19);
        var options = new ScreeningOptions { Share = share };

        var screened = Screen(batch, options);

        var maps = NaiveMusc.Maps(batch, options);
        var refined = NaiveMusc.Refine([.. maps.Select(m => m.Max())], [.. batch.Select(b => b.ClassToken)], options.Windows);
        for (var i = 0; i < images; i++)
        {
            Assert.All(maps[i].Zip(screened[i].Patches.Values.ToArray()), p => Assert.Equal(p.First, p.Second, 1e-5));
            Assert.Equal(maps[i].Max(), screened[i].Score, 1e-5);
            Assert.Equal(refined[i], screened[i].Refined, 1e-3);
        }
    }

    [Fact]
    public void Screen_WhateverBlocksAndThreads_GivesTheSameBits()
    {
        var batch = RandomTokens.Batch(11, 6, 6, 3, 4, 8);
        var want = Screen(batch, new ScreeningOptions { Threads = 1 });

        // One image to a block, three, and all.
        foreach (var bytes in new[] { 1, 3 * 36 * 8 * sizeof(float), 1 << 20 })
        {
            var got = Screen(batch, new ScreeningOptions { BlockBytes = bytes, Threads = 4 });
            Assert.All(want.Zip(got), p => Assert.Equal(p.First.Patches.Values, p.Second.Patches.Values));
            Assert.Equal(want.Select(w => w.Refined), got.Select(g => g.Refined));
        }
    }

    [Fact]
    public void Screen_ImagesInAnotherOrder_GivesEachTheSameScore()
    {
        var batch = RandomTokens.Batch(8, 5, 5, 7, 6);

        var (ahead, back) = (Screen(batch, new ScreeningOptions()), Screen([.. batch.Reverse()], new ScreeningOptions()));

        Assert.All(ahead.Zip(back.Reverse()), p => Assert.Equal(p.First.Score, p.Second.Score, 1e-6));
    }

    [Fact]
    public void Screen_TheSameImageTwice_LeavesNoDistanceByCancellation()
    {
        var tokens = RandomTokens.Batch(1, 28, 28, 5, 128)[0];

        var screened = Screen([tokens, tokens], new ScreeningOptions());

        Assert.All(screened, s => Assert.Equal(0, s.Score));
        Assert.All(screened, s => Assert.Equal(0, s.Refined));
    }

    [Fact]
    public void Screen_OneImageWithAPatchOfItsOwn_RanksItFirstAndShowsWhere()
    {
        var batch = RandomTokens.Batch(1, 8, 8, 9, 16);
        var odd = batch[0].Layers[0].Values.ToArray();
        odd.AsSpan(27 * 16, 16).Reverse();
        LayerTokens[] all = [.. Enumerable.Repeat(batch[0], 6), batch[0] with { Layers = [new PatchFeatures(8, 8, 16, odd)] }];

        var screened = Screen(all, new ScreeningOptions { Degrees = [1] });

        Assert.Equal(6, screened.Index().MaxBy(s => s.Item.Score).Index);
        Assert.Equal(27, screened[6].Patches.Values.ToArray().Index().MaxBy(p => p.Item).Index);
    }

    [Fact]
    public void Screen_InGroups_ScoresEachGroupOnItsOwn()
    {
        var batch = RandomTokens.Batch(7, 5, 5, 2, 6);

        var screened = Screen(batch, new ScreeningOptions { GroupSize = 4 });

        // Dealt out in turn: 0, 2, 4, 6 and 1, 3, 5.
        foreach (var first in new[] { 0, 1 })
        {
            var alone = Screen([.. batch.Where((_, i) => i % 2 == first)], new ScreeningOptions());
            Assert.Equal(alone.Select(a => a.Score), screened.Where((_, i) => i % 2 == first).Select(s => s.Score));
        }
    }

    [Fact]
    public void Screen_Pairs_AreReportedToTheLast()
    {
        var batch = RandomTokens.Batch(6, 4, 4, 1, 3, 4);
        var seen = new Seen();

        Screen(batch, new ScreeningOptions { BlockBytes = 1 }, seen);

        Assert.All(seen.Reports, r => Assert.Equal(("pairs", 2 * 3 * 15L), (r.Stage, r.Total)));
        Assert.Equal(2 * 3 * 15L, seen.Reports.Max(r => r.Done));
    }

    [Fact]
    public void Screen_Cancelled_EndsAndLeavesNoFile()
    {
        var batch = RandomTokens.Batch(6, 4, 4, 1, 3);
        using var source = new CancellationTokenSource();
        using (var spool = RandomTokens.Spooled(batch, _folder.Path))
        {
            Assert.Equal(OperatingSystem.IsWindows() ? 1 : 0, Directory.GetFiles(_folder.Path).Length);
            var screening = new MutualScoring(spool, new ScreeningOptions(), new Seen(source.Cancel));
            Assert.ThrowsAny<OperationCanceledException>(() => screening.Score([[0, 1, 2, 3, 4, 5]], [.. batch.Select(_ => new float[16])], source.Token));
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Screen_ImageFiles_FindsTheOneWithADefectOnTheEmbeddedBackbone()
    {
        var random = new Random(4);
        string[] files = [.. Enumerable.Range(0, 6).Select(i => _folder[$"{i}.png"])];
        foreach (var (i, file) in files.Index())
        {
            var pixels = Enumerable.Range(0, 96 * 96).SelectMany(p => Enumerable.Repeat((byte)((p % 96 / 12 % 2 == 0 ? 60 : 120) + random.Next(4)), 3)).ToArray();
            if (i == 4)
            {
                for (var y = 40; y < 52; y++)
                {
                    pixels.AsSpan(((y * 96) + 40) * 3, 36).Fill(250);
                }
            }

            File.WriteAllBytes(file, new RawFiles().EncodePng(new RgbImage(96, 96, pixels)));
        }

        using var extractor = LayerExtractor.Open(SharedFiles.EmbeddedBackbone);
        var screened = new BatchScreener(new RawFiles(), extractor, new ScreeningOptions { ScratchFolder = _folder.Path }).Screen(files, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(files, screened.Select(s => s.Path));
        Assert.Equal(files[4], screened.MaxBy(s => s.Score)!.Path);
        Assert.Empty(Directory.GetFiles(_folder.Path, "structcore-*"));
    }

    [Fact]
    public void Screen_OneImage_IsRefused()
    {
        using var extractor = LayerExtractor.Open(SharedFiles.EmbeddedBackbone);

        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchScreener(new RawFiles(), extractor, new ScreeningOptions()).Screen(["one.png"]));
    }

    private static IReadOnlyList<ScreenedImage> Screen(LayerTokens[] batch, ScreeningOptions options, IProgress<ScreeningProgress>? progress = null)
    {
        using var spool = RandomTokens.Spooled(batch);
        using var extractor = LayerExtractor.Open(SharedFiles.EmbeddedBackbone);
        return new BatchScreener(new RawFiles(), extractor, options).Screen([.. batch.Select((_, i) => $"{i}")], spool, progress, TestContext.Current.CancellationToken);
    }

    private sealed class Seen(Action? then = null) : IProgress<ScreeningProgress>
    {
        private readonly List<ScreeningProgress> _reports = [];

        public IReadOnlyList<ScreeningProgress> Reports => _reports;

        public void Report(ScreeningProgress value)
        {
            lock (_reports)
            {
                _reports.Add(value);
            }

            then?.Invoke();
        }
    }
}
