using System.Text.Json;
using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Fitting;

public sealed class BankTeacherTests : IDisposable
{
    private const int Grid = 8;
    private const int Width = 12;
    private const int FittedImages = 10;
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 6, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Teach_ARejectedImage_IsAcceptedWithNoMoreRowsThanItTakes()
    {
        using var strange = Image(100, bump: 3, at: 20, patches: 3);
        var bank = WithinReach(Fit(), strange);
        var teaching = BankTeacher.Teach(bank, strange, Lesson("a"));
        var (rows, memory) = (teaching.Image.Rows, teaching.Bank.Memory);

        Assert.Equal((true, false), (teaching.Before.Rejected, teaching.After.Rejected));
        Assert.Equal(teaching.After.Score, teaching.Bank.Score(strange).Score);
        Assert.Equal((bank.Memory.Rows + rows, FittedImages), (memory.Rows, teaching.Image.Image));
        Assert.True(memory.Values[..bank.Memory.Values.Length].SequenceEqual(bank.Memory.Values));
        Assert.All(memory.Images[bank.Memory.Rows..].ToArray(), i => Assert.Equal(FittedImages, i));

        AssertNoRowIsNeedless(bank, strange, teaching);
    }

    [Fact]
    public void Teach_RowsThatLaterOnesMadeNeedless_AreLeftOut()
    {
        var pruned = 0;
        for (var seed = 100; seed < 140; seed++)
        {
            using var strange = Image(seed, bump: 3, at: 20, patches: 6);
            var bank = WithinReach(Fit(), strange);
            var teaching = BankTeacher.Teach(bank, strange, Lesson("a"));
            AssertNoRowIsNeedless(bank, strange, teaching);
            pruned += HighestFirst(bank, strange) > teaching.Image.Rows ? 1 : 0;
        }

        Assert.NotEqual(0, pruned);
    }

    [Fact]
    public void Teach_OneStrangePatch_BringsItAndNoOther()
    {
        using var strange = Image(100, bump: 3, at: 20, patches: 1);
        var bank = Fit();
        var teaching = BankTeacher.Teach(bank, strange, Lesson("a"));
        var row = Rounded(strange)[(20 * Width)..(21 * Width)];

        // It is like no other: one row is one of its k neighbours, and the others are as far as before.
        Assert.InRange(teaching.Image.Rows, 2, bank.Manifest.Neighbours);
        Assert.False(teaching.After.Rejected);
        Assert.All(teaching.Bank.Memory.Values[bank.Memory.Values.Length..].ToArray().Chunk(Width), r => Assert.Equal(row, r));
    }

    [Fact]
    public void Teach_Rows_AreTheImagesOwnPatchesInFloat16()
    {
        var bank = Fit();
        using var strange = Image(100, bump: 3, at: 20, patches: 3);
        var teaching = BankTeacher.Teach(bank, strange, Lesson("a"));
        var patches = Enumerable.Range(0, strange.Rows).Select(p => strange.Row(p).ToArray().Select(v => (float)(Half)v).ToArray()).ToArray();

        for (var row = bank.Memory.Rows; row < teaching.Bank.Memory.Rows; row++)
        {
            Assert.Contains(patches, p => teaching.Bank.Memory.Row(row).SequenceEqual(p));
        }
    }

    [Fact]
    public void Teach_WhatIsTaught_BecomesOrdinaryNotInvisible()
    {
        var bank = Fit();
        using var strange = Image(100, bump: 3, at: 20, patches: 3);
        var teaching = BankTeacher.Teach(bank, strange, Lesson("a"));
        var (floor, scored) = (teaching.Image.Floor, teaching.Bank.Score(strange).Patches);

        // Half of a good image's tail, on the rows that were added and on no other.
        Assert.Equal(bank.Calibration.Mean.Tail / 2, floor);
        Assert.Equal([0, floor], Enumerable.Range(0, teaching.Bank.Memory.Rows).Select(teaching.Bank.Memory.Floor).Distinct());
        Assert.Equal(bank.Memory.Rows, Enumerable.Range(0, teaching.Bank.Memory.Rows).Count(row => teaching.Bank.Memory.Floor(row) == 0));

        // What was taught comes down, but not below, give or take a mean's last digit; what was ordinary before stays what it was.
        Assert.All(Enumerable.Range(20, 3), patch => Assert.InRange(scored.Values[patch], floor * 0.99999f, teaching.Before.Patches.Values[patch] - 0.1f));
        using var good = Image(3);
        Assert.Equal(bank.Score(good).Patches.Values, teaching.Bank.Score(good).Patches.Values);
    }

    [Fact]
    public void Read_TaughtBank_ScoresAsBeforeItWasWritten()
    {
        using var strange = Image(100, bump: 3, at: 0, patches: 2);
        var taught = TeachOne(TeachOne(Fit(), 0), 1);
        var read = BankFile.Read(BankFile.Write(taught, _folder.Path, Now));

        Assert.Equal(taught.Score(strange).Patches.Values, read.Score(strange).Patches.Values);
        Assert.Equal(Enumerable.Range(0, taught.Memory.Rows).Select(taught.Memory.Floor), Enumerable.Range(0, read.Memory.Rows).Select(read.Memory.Floor));
    }

    [Fact]
    public void Read_BankThatAnOlderProgramTaught_HasNoFloors()
    {
        var taught = TeachOne(Fit(), 0);
        var older = taught.Manifest with { Taught = [taught.Manifest.Taught![0] with { Floor = 0 }] };
        var path = BankFile.Write(new ProductBank(older, taught.Memory, taught.Routing, ""), _folder.Path, Now);

        var read = BankFile.Read(path);

        Assert.All(Enumerable.Range(0, read.Memory.Rows), row => Assert.Equal(0, read.Memory.Floor(row)));
    }

    [Fact]
    public void Read_FloorBelowZero_IsRefused()
    {
        var taught = TeachOne(Fit(), 0);
        var wrong = taught.Manifest with { Taught = [taught.Manifest.Taught![0] with { Floor = -1 }] };
        var path = BankFile.Write(new ProductBank(wrong, taught.Memory, taught.Routing, ""), _folder.Path, Now);
        Assert.Contains("a value is outside of its range", Assert.Throws<InvalidBankException>(() => BankFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Teach_RoutingAndCalibration_Stay()
    {
        var bank = Fit();
        using var strange = Image(100, bump: 3, at: 20, patches: 3);
        var taught = BankTeacher.Teach(bank, strange, Lesson("a")).Bank;

        Assert.Same(bank.Routing, taught.Routing);
        Assert.Equal(bank.Calibration, taught.Calibration);
    }

    [Theory]
    [InlineData("0,1,2", "0,1,2")]
    [InlineData("2,0,1", "1,2,0")]
    public void Unteach_Everything_RestoresTheFileBitForBit(string order, string back)
    {
        var fitted = BankFile.Read(BankFile.Write(Fit(), _folder.Path, Now));
        var bank = order.Split(',').Select(int.Parse).Aggregate(fitted, (b, i) => TeachOne(b, i));
        foreach (var i in back.Split(',').Select(int.Parse))
        {
            bank = BankFile.Read(BankFile.Write(BankTeacher.Unteach(bank, [Assert.Single(bank.Manifest.Taught!, t => t.Sha256 == $"image-{i}")]), _folder.Path, Now));
        }

        Assert.Null(bank.Manifest.Taught);
        Assert.Equal(JsonSerializer.Serialize(fitted.Manifest.Entries), JsonSerializer.Serialize(bank.Manifest.Entries));
        Assert.Equal(fitted.Calibration, bank.Calibration);
        Assert.Equal(fitted.Manifest with { Version = 0, Entries = [] }, bank.Manifest with { Version = 0, Entries = [], Origin = null });
    }

    [Fact]
    public void Unteach_OneOfThree_LeavesWhatTeachingTheOthersGives()
    {
        var fitted = Fit();
        var all = TeachOne(TeachOne(TeachOne(fitted, 0), 1), 2);
        var without = BankTeacher.Unteach(all, [all.Manifest.Taught![1]]);
        var never = TeachOne(TeachOne(fitted, 0), 2);

        Assert.True(without.Memory.Values.SequenceEqual(never.Memory.Values));
        Assert.Equal(["image-0", "image-2"], without.Manifest.Taught!.Select(t => t.Sha256));
        Assert.Equal(never.Manifest.Rows, without.Manifest.Rows);
    }

    [Fact]
    public void Teach_AfterOneInTheMiddleWasTakenBack_TakesAnIndexThatIsFree()
    {
        var all = TeachOne(TeachOne(TeachOne(Fit(), 0), 1), 2);
        var again = TeachOne(BankTeacher.Unteach(all, [all.Manifest.Taught![1]]), 1);
        Assert.Equal([FittedImages, FittedImages + 2, FittedImages + 3], again.Manifest.Taught!.Select(t => t.Image));
        Assert.Equal(again.Manifest.Taught!.Select(t => (t.Image, t.Rows)), again.Memory.Images.ToArray().Where(i => i >= FittedImages).GroupBy(i => i).Select(g => (g.Key, g.Count())));
    }

    [Fact]
    public void Teach_WhatCannotBe_SaysWhy()
    {
        var bank = Fit();
        using var good = Image(3);
        using var strange = Image(100, bump: 3, at: 20, patches: 3);
        var accepted = Assert.Throws<TeachingException>(() => BankTeacher.Teach(bank, good, Lesson("good")));
        Assert.Contains("'cap-v1' accepts 'good.png' already: score ", accepted.Message, StringComparison.Ordinal);

        var taught = BankTeacher.Teach(bank, strange, Lesson("a")).Bank;
        Assert.Contains("was taught to bank 'cap-v1' at 2026-05-01 06:00:00Z already, confirmed by shift-2", Assert.Throws<TeachingException>(() => BankTeacher.Teach(taught, strange, Lesson("a"))).Message, StringComparison.Ordinal);

        // A threshold so low that even what the bank holds is rejected.
        var strict = bank.With(bank.Calibration with { Threshold = -1 });
        Assert.Contains("'cap-v1' rejects how the patches of 'a.png' lie together: score ", Assert.Throws<TeachingException>(() => BankTeacher.Teach(strict, strange, Lesson("a"))).Message, StringComparison.Ordinal);
        Assert.Contains("was not taught to bank 'cap-v1'", Assert.Throws<TeachingException>(() => BankTeacher.Unteach(bank, [Lesson("a")])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteEdition_KeepsTheVersionAndComesBeforeItButAfterTheNext()
    {
        var fitted = BankFile.Read(BankFile.Write(Fit(), _folder.Path, Now));
        var first = BankFile.Read(BankFile.WriteEdition(TeachOne(fitted, 0), _folder.Path, Now));
        var second = BankFile.Read(BankFile.WriteEdition(TeachOne(first, 1), _folder.Path, Now));

        Assert.Equal(("cap-v1-t1", 1, 1), (first.Manifest.Id, first.Manifest.Version, first.Manifest.Edition));
        Assert.Equal((fitted.Sha256, fitted.Sha256), (first.Manifest.Origin, second.Manifest.Origin));
        Assert.Equal("cap-v1-t2", BankFile.ReadNewest(_folder.Path, [])[0].Manifest.Id);
        Assert.Equal(second.Sha256, BankFile.Find(_folder.Path, "cap", second.Sha256)!.Sha256);
        Assert.EndsWith("cap-v2.scbank", BankFile.Write(second, _folder.Path, Now), StringComparison.Ordinal);
        Assert.Equal("cap-v2", BankFile.ReadNewest(_folder.Path, [])[0].Manifest.Id);
    }

    [Fact]
    public void Read_TaughtRowsThatAreNotTheLast_IsRefused()
    {
        var taught = TeachOne(Fit(), 0);
        var wrong = taught.Manifest with { Taught = [taught.Manifest.Taught![0] with { Rows = taught.Manifest.Taught[0].Rows + 1 }] };
        var path = BankFile.Write(new ProductBank(wrong, taught.Memory, taught.Routing, ""), _folder.Path, Now);
        Assert.Contains("its taught images are not those of the last rows", Assert.Throws<InvalidBankException>(() => BankFile.Read(path)).Message, StringComparison.Ordinal);
    }

    private static ProductBank TeachOne(ProductBank bank, int which)
    {
        using var strange = Image(100 + which, bump: 3 + which, at: 8 * which, patches: 2 + which);
        return BankTeacher.Teach(bank, strange, Lesson($"image-{which}")).Bank;
    }

    /// <summary>The bank with its threshold halfway between what the image scores untaught, and with all its patches as rows.</summary>
    private static ProductBank WithinReach(ProductBank bank, PatchFeatures image) =>
        bank.With(bank.Calibration with { Threshold = (bank.Score(image).Score.Hybrid + Joined(bank, Rounded(image)).Score(image).Score.Hybrid) / 2 });

    private static ProductBank Joined(ProductBank bank, float[] rows)
    {
        var memory = bank.Memory.Keep(_ => true, rows, new int[rows.Length / Width], bank.Calibration.Mean.Tail / 2);
        return new(bank.Manifest with { Rows = memory.Rows }, memory, bank.Routing, "");
    }

    private static float[] Rounded(PatchFeatures image) => [.. image.Values.ToArray().Select(v => (float)(Half)v)];

    /// <summary>Without any one of the rows it brought the image is a reject as before.</summary>
    private static void AssertNoRowIsNeedless(ProductBank bank, PatchFeatures image, Teaching teaching)
    {
        var added = teaching.Bank.Memory.Values[bank.Memory.Values.Length..].ToArray().Chunk(Width).ToArray();
        Assert.All(added, row => Assert.True(Joined(bank, [.. added.Where(other => !ReferenceEquals(other, row)).SelectMany(v => v)]).Score(image).Rejected));
    }

    /// <summary>How many patches it takes where the highest joins, again and again.</summary>
    private static int HighestFirst(ProductBank bank, PatchFeatures image)
    {
        var (rows, patches, chosen) = (new List<float>(), Rounded(image).Chunk(Width).ToArray(), new List<int>());
        while (Joined(bank, [.. rows]).Score(image) is { Rejected: true } scored)
        {
            chosen.Add(Enumerable.Range(0, patches.Length).Where(p => chosen.Count(c => c == p) < bank.Manifest.Neighbours).MaxBy(p => scored.Patches.Values[p]));
            rows.AddRange(patches[chosen[^1]]);
        }

        return chosen.Count;
    }

    private static TaughtImage Lesson(string name) => new() { Sha256 = name, File = name + ".png", ConfirmedBy = "shift-2", TaughtAt = Now };

    /// <summary>Noise around a pattern; some patches from <paramref name="at"/> on are pushed away from it.</summary>
    private static PatchFeatures Image(int seed, float bump = 0, int at = 0, int patches = 0)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, Grid * Grid * Width).Select(i => (float)(Half)((i / Width % 4) + (0.3f * random.NextSingle()))).ToArray();
        for (var p = at; p < at + patches; p++)
        {
            values[(p * Width) + (p % Width)] += bump;
        }

        return new PatchFeatures(Grid, Grid, Width, values);
    }

    /// <summary>A bank of ten images at a tenth, calibrated on ten others.</summary>
    private static ProductBank Fit()
    {
        var proxies = new ProxyRows(FittedImages * Grid * Grid, Width);
        float[] patches = [.. Enumerable.Range(0, FittedImages).SelectMany(i => Image(i).Values.ToArray())];
        proxies.Set(0, patches);
        var rows = KCenterGreedySampler.Sample(proxies, proxies.Count / 10);
        var memory = new MemoryBank(Width, [.. rows.SelectMany(r => patches[(r * Width)..((r + 1) * Width)])], [.. rows.Select(r => r / (Grid * Grid))]);
        var scorer = new BankScorer(memory, 5, 32);
        var scores = Enumerable.Range(50, 20).Select(i => scorer.Score(Image(i))!.Value.Map).ToArray();
        var manifest = new BankManifest
        {
            Category = "cap",
            Version = 1,
            Created = Now,
            Backbone = "fake",
            BackboneSha256 = "f",
            Frame = FrameMode.FullFrame,
            CoresetRatio = 0.1,
            Neighbours = 5,
            MapSide = 32,
            Rows = memory.Rows,
            Width = Width,
            TrainImages = FittedImages,
            Calibration = Calibrator.Calibrate(scores, CalibrationMethod.KFold, DistanceForm.OneSided, 0.995),
        };
        return new ProductBank(manifest, memory, new RoutingBank("cap", Width, patches[..Width]), "fitted");
    }
}
