using System.IO.Compression;
using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Fitting;

public sealed class BankFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ThenRead_KeepsEverything()
    {
        var bank = Bank("cap");
        var path = BankFile.Write(bank, _folder.Path, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var read = BankFile.Read(path);
        Assert.Equal(_folder["cap-v1.scbank"], path);
        Assert.Equal(bank.Memory.Values, read.Memory.Values);
        Assert.Equal(bank.Memory.Images, read.Memory.Images);
        Assert.Equal(bank.Routing.Prototypes, read.Routing.Prototypes);
        Assert.Equal(bank.Calibration, read.Calibration);
        Assert.Equal(1, read.Manifest.Version);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))), read.Sha256);
        Assert.Equal(["cap-v1.scbank"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    /// <summary>As a program wrote it that kept no normal scores.</summary>
    [Fact]
    public void Read_FileOfTheFirstRelease_DecidesAsEver()
    {
        var read = BankFile.Read(Path.Combine(SharedFiles.Repository, "tests", "StructCore.Vision.Tests", "Fitting", "Released", "cap-v1.scbank"));
        var now = Bank("cap");
        Assert.Equal(now.Memory.Values, read.Memory.Values);
        Assert.Null(read.Calibration.Normal);
        Assert.Equal(now.Calibration, read.Calibration with { Normal = now.Calibration.Normal });
        Assert.True(read.Calibration.IsFinite);
    }

    [Fact]
    public void Write_Again_MakesTheNextVersionAndReadNewestTakesIt()
    {
        for (var i = 0; i < 11; i++)
        {
            BankFile.Write(Bank("cap"), _folder.Path, DateTimeOffset.UnixEpoch.AddYears(20));
        }

        BankFile.Write(Bank("Bottle"), _folder.Path, DateTimeOffset.UnixEpoch.AddYears(20));
        Assert.Equal(["Bottle-v1", "cap-v11"], BankFile.ReadNewest(_folder.Path, []).Select(b => b.Manifest.Id));
    }

    [Fact]
    public void Find_ADigest_GivesThatVersionOfThatCategory()
    {
        string[] paths = [.. Enumerable.Range(0, 3).Select(i => BankFile.Write(Bank("cap"), _folder.Path, DateTimeOffset.UnixEpoch.AddYears(20 + i)))];
        BankFile.Write(Bank("lid"), _folder.Path, DateTimeOffset.UnixEpoch.AddYears(20));
        var wanted = BankFile.Read(paths[1]);

        Assert.Equal("cap-v2", BankFile.Find(_folder.Path, "cap", wanted.Sha256)?.Manifest.Id);
        Assert.Null(BankFile.Find(_folder.Path, "lid", wanted.Sha256));
        Assert.Null(BankFile.Find(_folder["none"], "cap", wanted.Sha256));
    }

    [Fact]
    public void Read_EveryTruncation_IsRefused()
    {
        var (path, bytes) = Written();
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            var error = Assert.Throws<InvalidBankException>(() => BankFile.Read(path));
            Assert.Contains("'the seal'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_EveryFlippedBit_IsRefusedAndInsideAnEntryNamesIt()
    {
        var (path, bytes) = Written();
        string[] entries = ["memory.f4", "memory-images.i4", "routing.f4", "manifest.json"];
        var named = entries.ToDictionary(e => e, _ => 0);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var error = Assert.Throws<InvalidBankException>(() => BankFile.Read(path));
            Assert.StartsWith($"Bank file '{path}' is damaged at '", error.Message, StringComparison.Ordinal);
            foreach (var entry in entries)
            {
                named[entry] += error.Message.Contains($"at '{entry}'", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        // Every data bit of an array names its entry: 6 x 4 floats, 6 ints, 3 x 4 floats.
        Assert.True(named["memory.f4"] >= 6 * 4 * 32, $"memory.f4 was named {named["memory.f4"]} times");
        Assert.True(named["memory-images.i4"] >= 6 * 32);
        Assert.True(named["routing.f4"] >= 3 * 4 * 32);
        Assert.True(named["manifest.json"] > 1000);
    }

    [Fact]
    public void Read_BytesAfterTheEnd_AreRefused()
    {
        var (path, bytes) = Written();
        File.WriteAllBytes(path, [.. bytes, 0]);
        Assert.Throws<InvalidBankException>(() => BankFile.Read(path));
    }

    [Fact]
    public void Read_Renamed_SaysWhoseFileItIs()
    {
        var (path, _) = Written();
        var other = _folder["lid-v1.scbank"];
        File.Move(path, other);
        Assert.Contains("holds 'cap-v1'", Assert.Throws<InvalidBankException>(() => BankFile.Read(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnderAnotherName_HoldsWhatIsAskedFor()
    {
        var (path, _) = Written();
        var other = _folder["cap.part"];
        File.Move(path, other);
        Assert.Equal("cap-v1", BankFile.Read(other, "cap-v1").Manifest.Id);
        Assert.Contains("holds 'cap-v1', expected 'cap-v2'", Assert.Throws<InvalidBankException>(() => BankFile.Read(other, "cap-v2")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteWith_Attachments_KeepsTheBankAndSealsAll()
    {
        var (path, _) = Written();
        var target = _folder["out/cap-v1.scbank"];
        BankFile.WriteWith(path, target, [("note.txt", new byte[] { 1, 2, 3 })]);
        var (bank, copy) = (BankFile.Read(path), BankFile.Read(target));
        Assert.Equal(bank.Memory.Values, copy.Memory.Values);
        Assert.NotEqual(bank.Sha256, copy.Sha256);
        Assert.Equal([.. Entries(path), ("note.txt", "010203")], Entries(target));

        // What lay beside the bank does not go on to the next copy.
        BankFile.WriteWith(target, _folder["again/cap-v1.scbank"], []);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_folder["again/cap-v1.scbank"]));

        var bytes = File.ReadAllBytes(target);
        bytes[bytes.AsSpan().IndexOf(new byte[] { 1, 2, 3 })] ^= 1;
        File.WriteAllBytes(target, bytes);
        Assert.Throws<InvalidBankException>(() => BankFile.Read(target));
    }

    [Fact]
    public void WriteWith_DamagedBank_WritesNothing()
    {
        var (path, bytes) = Written();
        bytes[50] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Throws<InvalidBankException>(() => BankFile.WriteWith(path, _folder["out/cap-v1.scbank"], []));
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void ReadNewest_NothingThere_SaysHowToFit()
    {
        Assert.Contains("structcore fit", Assert.Throws<InvalidBankException>(() => BankFile.ReadNewest(_folder.Path, [])).Message, StringComparison.Ordinal);
        Assert.Contains("structcore fit", Assert.Throws<InvalidBankException>(() => BankFile.ReadNewest(_folder["none"], [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadNewest_UnknownCategory_ListsWhatThereIs()
    {
        Written();
        Assert.Contains("There are banks of: cap.", Assert.Throws<InvalidBankException>(() => BankFile.ReadNewest(_folder.Path, ["lid"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a+b")]
    [InlineData("a#")]
    [InlineData(".hidden")]
    [InlineData("a\n")]
    public void CategoryName_NotFitForFilesAndTopics_IsRefused(string name) => Assert.Throws<ArgumentException>(() => CategoryName.Require(name));

    private (string Path, byte[] Bytes) Written()
    {
        var path = BankFile.Write(Bank("cap"), _folder.Path, DateTimeOffset.UnixEpoch.AddYears(50));
        return (path, File.ReadAllBytes(path));
    }

    private static (string Name, string Hex)[] Entries(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        return [.. zip.Entries.Select(e =>
        {
            using var stream = e.Open();
            var bytes = new byte[e.Length];
            stream.ReadExactly(bytes);
            return (e.FullName, Convert.ToHexString(bytes));
        })];
    }

    private static ProductBank Bank(string category)
    {
        var memory = new MemoryBank(4, [.. Enumerable.Range(0, 24).Select(i => i * 0.37f)], [0, 0, 1, 1, 2, 2]);
        var routing = new RoutingBank(category, 4, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
        var scores = new NormalScores(Enumerable.Range(0, 5).Select(i => new NormalScore(new(i, new(i, 2 * i, 0.1f * i)), 0.3f * i, 0.4f * i)));
        var manifest = new BankManifest
        {
            Category = category,
            Version = 0,
            Created = default,
            Backbone = "tiny",
            BackboneSha256 = new string('a', 64),
            Frame = FrameMode.FullFrame,
            CoresetRatio = 0.01,
            Neighbours = 5,
            MapSide = 224,
            Rows = 6,
            Width = 4,
            TrainImages = 3,
            Calibration = Calibrator.Calibrate(scores, CalibrationMethod.KFold, DistanceForm.OneSided, ThresholdRule.AtQuantile(0.995)),
        };
        return new ProductBank(manifest, memory, routing, "");
    }
}
