using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Tests.BankUpdates.Signing;
using StructCore.Tests.Fakes;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.BankUpdates.Packages;

public sealed class BankPackageTests : IDisposable
{
    private const int SealLength = 128;

    private readonly TestPackages _packages = new();
    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly SignedDocument _release;

    public BankPackageTests()
    {
        _path = _packages.Write("cap", 3);
        (_bytes, _release) = (File.ReadAllBytes(_path), BankPackage.ReadRelease(_path));
    }

    public void Dispose() => _packages.Dispose();

    [Fact]
    public void Open_WhatWasSigned_GivesBankAndParitySet()
    {
        Assert.Equal([_packages.BankKey.Id], _packages.Trust.Verify(_release, TrustRole.Bank, TestTrust.Now));
        var package = BankPackage.Open(_path, _release);
        Assert.Equal(("cap-v3", "cap-v3"), (package.Manifest.Id, package.Bank.Manifest.Id));
        Assert.Equal(PackageFile.Of(_path).Sha256, package.Sha256);
        Assert.Equal(_packages.Draft().ParityImages.Select(i => i.Pixels.ToArray()), package.ParityImages.Select(i => i.Pixels.ToArray()));
        Assert.Equal(package.Sha256, BankFile.Read(_path).Sha256);
    }

    [Fact]
    public void Open_UnderAnotherName_IsTheSame()
    {
        var part = _path + ".part";
        File.Move(_path, part);
        Assert.Equal("cap-v3", BankPackage.Open(part, _release).Bank.Manifest.Id);
    }

    [Fact]
    public void ReadRelease_UnsignedBank_SaysSo()
    {
        var bank = BankFile.Write(new FakeExtractor().Bank("lid", FakeExtractor.Cap), _packages.Folder, TestTrust.Start);
        Assert.Contains("structcore bank sign", Refused(UpdateRefusal.Malformed, () => BankPackage.ReadRelease(bank)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoFile_IsNotAvailable() => Refused(UpdateRefusal.NotAvailable, () => BankPackage.Open(_path + ".none", _release));

    [Fact]
    public void Open_EntriesOfAnotherVersion_AreDamaged()
    {
        var row = new FakeExtractor();
        var other = _packages.Write("cap", 4, d => d with { Created = d.Created.AddDays(1) }, row.Bank("cap", FakeExtractor.Nut));
        foreach (var name in (string[])["memory.f4", "routing.f4", "manifest.json", "parity.u1", "release.json"])
        {
            File.WriteAllBytes(_path, _bytes);
            var foreign = name == "parity.u1" ? [1, .. RebuiltPackage.Read(other).Single(e => e.Name == name).Bytes[1..]] : RebuiltPackage.Read(other).Single(e => e.Name == name).Bytes;
            RebuiltPackage.Write(_path, entries => [.. entries.Select(e => e.Name == name ? (name, foreign) : e)]);
            Damaged(name);
        }

        Refused(UpdateRefusal.Damaged, () => BankPackage.Open(other, _release));
    }

    [Fact]
    public void Open_OtherSignaturesThanTheVerifiedOnes_AreDamaged()
    {
        RebuiltPackage.Write(_path, entries => [.. entries.Select(e => e.Name == "release-signatures.json" ? (e.Name, DocumentJson.Write(SignedDocument.Sign(_release.Payload, _packages.TrustKey).Signatures)) : e)]);
        Damaged("other signatures");
    }

    [Fact]
    public void Open_AnEntryMore_IsDamaged()
    {
        RebuiltPackage.Write(_path, entries => [.. entries, ("more.txt", [])]);
        Damaged("it holds 'more.txt' besides");
    }

    [Theory]
    [InlineData("../../../tmp/x")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\x")]
    [InlineData("memory.f4/")]
    [InlineData("memory.F4")]
    [InlineData("more\n0001 all is well")]
    [InlineData("mémory.f4")]
    [InlineData("a-name-that-is-longer-than-any-entry-of-a-bank-file-will-ever-become")]
    public void Open_NameThatNoEntryHas_IsDamagedAndNotRepeated(string name)
    {
        RebuiltPackage.Write(_path, entries => [.. entries, (name, [])]);
        Damaged("an entry has a name that none of a bank has");
    }

    [Fact]
    public void Open_AnEntryLess_IsDamaged()
    {
        foreach (var name in BankPackage.SignedEntries.Append(BankPackage.SignaturesEntry))
        {
            File.WriteAllBytes(_path, _bytes);
            RebuiltPackage.Write(_path, entries => [.. entries.Where(e => e.Name != name)]);
            Damaged(name);
        }
    }

    [Fact]
    public void Open_AnEntryTwice_IsDamaged()
    {
        RebuiltPackage.Write(_path, entries => [.. entries, entries[0]]);
        Damaged("'memory.f4' is in it twice");
    }

    [Fact]
    public void Open_AnEntryLongerOrShorter_IsDamaged()
    {
        RebuiltPackage.Write(_path, entries => [(entries[0].Name, [.. entries[0].Bytes, 0]), .. entries[1..]]);
        Damaged("'memory.f4' has 9 bytes, 8 were signed");
    }

    [Fact]
    public void Open_CompressedEntries_AreDamaged()
    {
        RebuiltPackage.Write(_path, entries => entries, CompressionLevel.SmallestSize);
        Damaged("is compressed");
    }

    [Fact]
    public void Open_ZipBomb_IsRefusedUnread()
    {
        RebuiltPackage.Write(_path, entries => [(entries[0].Name, new byte[20_000_000]), .. entries[1..]], CompressionLevel.SmallestSize);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Damaged("is compressed");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Open_SizesThatAreNotThere_AreRefusedUnread()
    {
        // The directory's size of the first entry, as large as a zip can say.
        var bytes = File.ReadAllBytes(_path);
        var directory = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - SealLength - 22 + 16));
        bytes.AsSpan(directory + 20, 8).Fill(0xfe);
        File.WriteAllBytes(_path, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Damaged("'memory.f4' claims 4278124286 bytes");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Open_BytesThatNoEntryHas_AreDamaged()
    {
        // Between the last entry and the directory, whose place the end record names.
        var bytes = File.ReadAllBytes(_path).ToList();
        var end = bytes.Count - SealLength - 22;
        var directory = (int)BinaryPrimitives.ReadUInt32LittleEndian(CollectionsMarshal.AsSpan(bytes)[(end + 16)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(CollectionsMarshal.AsSpan(bytes)[(end + 16)..], (uint)directory + 5);
        bytes.InsertRange(directory, new byte[5]);
        RebuiltPackage.Seal(_path, [.. bytes], RebuiltPackage.Read(_path).Single(e => e.Name == "manifest.json").Bytes);
        Assert.Equal("cap-v3", BankFile.Read(_path).Manifest.Id);
        Damaged("does not list exactly what lies in it");
    }

    [Fact]
    public void Open_EndlessFile_IsTooLarge()
    {
        using (var file = new FileStream(_path, FileMode.Append))
        {
            file.Write(new byte[1 << 17]);
        }

        Refused(UpdateRefusal.TooLarge, () => BankPackage.Open(_path, _release));
    }

    [Fact]
    public void Open_ReleaseThatSaysOtherThanItsBank_IsRefused()
    {
        var manifest = ReleaseManifest.Read(_release);
        (ReleaseManifest Lie, UpdateRefusal Refusal, string Because)[] lies =
        [
            (manifest with { Category = "lid", Id = "lid-v3" }, UpdateRefusal.Damaged, "holds 'cap-v3'"),
            (manifest with { Version = 4, Id = "cap-v4" }, UpdateRefusal.Damaged, "holds 'cap-v3'"),
            (manifest with { Backbone = manifest.Backbone with { Sha256 = new string('d', 64) } }, UpdateRefusal.Malformed, "was fitted with 'fake'"),
            (manifest with { Backbone = manifest.Backbone with { Name = "other" } }, UpdateRefusal.Malformed, "was fitted with 'fake'"),
        ];
        foreach (var (lie, refusal, because) in lies)
        {
            var release = SignedDocument.Sign(lie, _packages.BankKey);
            File.WriteAllBytes(_path, _bytes);
            RebuiltPackage.Write(_path, entries => [.. entries[..^2], (BankPackage.ReleaseEntry, release.Payload), (BankPackage.SignaturesEntry, DocumentJson.Write(release.Signatures))]);
            Assert.Contains(because, Refused(refusal, () => BankPackage.Open(_path, release)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Write_DraftNoStationWouldTake_WritesNothing()
    {
        Refused(UpdateRefusal.Malformed, () => _packages.Write("lid", 1, d => d with { Expires = d.Created }));
        Refused(UpdateRefusal.Malformed, () => _packages.Write("lid", 1, d => d with { ParityImages = [] }));
        Assert.False(File.Exists(_packages.PathOf("lid", 1)));
    }

    [Fact]
    public void Limit_OfARelease_LeavesRoomForNothingBig()
    {
        var manifest = ReleaseManifest.Read(_release);
        Assert.InRange(BankPackage.Limit(manifest, _release), new FileInfo(_path).Length, new FileInfo(_path).Length + (1 << 16));
    }

    private static UpdateRefusedException Refused(UpdateRefusal refusal, Func<object> act)
    {
        var error = Assert.Throws<UpdateRefusedException>(act);
        Assert.Equal(refusal, error.Refusal);
        return error;
    }

    private void Damaged(string because) =>
        Assert.Contains(because, Refused(UpdateRefusal.Damaged, () => BankPackage.Open(_path, _release)).Message, StringComparison.Ordinal);
}
