using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Tests.BankUpdates.Signing;
using StructCore.Tests.Fakes;
using StructCore.Vision.Calibration;
using StructCore.Vision.Features;

namespace StructCore.Tests.BankUpdates.Packages;

/// <summary>What releases, calibrations, overrides and desired messages must say to be taken at all.</summary>
public sealed class DocumentRulesTests : IDisposable
{
    private readonly TestPackages _packages = new();

    public void Dispose() => _packages.Dispose();

    [Fact]
    public void Release_EveryRule_IsAsked()
    {
        _packages.Write("cap", 2);
        var good = ReleaseManifest.Read(_packages.Desired("cap", 2).Release);
        var one = good.Parity.Cases[0];
        ReleaseManifest With(ParitySet parity) => good with { Parity = parity };
        ReleaseManifest[] bad =
        [
            good with { Id = "cap-v3" },
            good with { Id = "lid-v2" },
            good with { Version = 0, Id = "cap-v0" },
            good with { Category = "../x", Id = "../x-v2" },
            good with { Expires = good.Created },
            good with { MinimumAgent = "new" },
            good with { MinimumAgent = "1" },
            good with { MinimumAgent = "1.2" },
            good with { MinimumAgent = "1.2.3.4" },
            good with { Backbone = good.Backbone with { Name = "" } },
            good with { Backbone = good.Backbone with { Name = "a\nb" } },
            good with { Backbone = good.Backbone with { Sha256 = new string('A', 64) } },
            good with { Backbone = good.Backbone with { PreprocessSha256 = "" } },
            good with { Backbone = good.Backbone with { FuseSha256 = "x" } },
            good with { Files = [] },
            good with { Files = [.. good.Files.Skip(1)] },
            good with { Files = [.. good.Files, good.Files[0] with { Name = "more" }] },
            good with { Files = [.. good.Files.Skip(1), good.Files[1]] },
            good with { Files = [.. good.Files.Skip(1), null!] },
            good with { Files = [.. good.Files.Skip(1), good.Files[0] with { Bytes = 0 }] },
            good with { Files = [.. good.Files.Skip(1), good.Files[0] with { Bytes = long.MaxValue }] },
            good with { Files = [.. good.Files.Skip(1), good.Files[0] with { Sha256 = "x" }] },
            With(good.Parity with { Side = 0 }),
            With(good.Parity with { Side = good.Parity.Side + 1 }),
            With(good.Parity with { Side = 1 << 20 }),
            With(good.Parity with { Cases = [] }),
            With(good.Parity with { Cases = [one, one] }),
            With(good.Parity with { Cases = [null!] }),
            With(good.Parity with { Cases = [one with { Features = [] }] }),
            With(good.Parity with { Cases = [one with { Features = new float[FeatureSketch.Size + 1] }] }),
            With(good.Parity with { Cases = [one with { FeaturesRms = 0 }] }),
            With(good.Parity with { FeatureTolerance = 0 }),
            With(good.Parity with { FeatureTolerance = 1.1 }),
            With(good.Parity with { ScoreTolerance = 0 }),
            With(good.Parity with { ScoreTolerance = -1 }),
        ];
        ReleaseManifest.Read(Signed(good));
        Assert.All(bad, b => Malformed(() => ReleaseManifest.Read(Signed(b))));
    }

    [Fact]
    public void Calibration_EveryRule_IsAsked()
    {
        var good = new CalibrationDocument { Category = "cap", BankVersion = 2, Number = 1, Created = TestTrust.Start, Expires = TestTrust.Start.AddDays(1), Calibration = new FakeExtractor().Bank("cap", 0).Calibration };
        CalibrationDocument[] bad =
        [
            good with { Category = "a/b" },
            good with { BankVersion = 0 },
            good with { Number = 0 },
            good with { Expires = good.Created },
            good with { Calibration = good.Calibration with { Threshold = 0 } },
            good with { Calibration = good.Calibration with { Lambda = -1 } },
            good with { Calibration = good.Calibration with { Quantile = 0 } },
            good with { Calibration = good.Calibration with { Quantile = 1.1 } },
            good with { Calibration = good.Calibration with { Images = -1 } },
            good with { Calibration = good.Calibration with { FalseReject = 0 } },
            good with { Calibration = good.Calibration with { FalseReject = 1.1 } },
            good with { Calibration = good.Calibration with { Normal = new([new(new(float.NaN, default), 0, 0)]) } },
            good with { Calibration = good.Calibration with { UnknownShare = 0 } },
            good with { Calibration = good.Calibration with { UnknownShare = 1.1 } },
        ];
        Assert.Equal(good, CalibrationDocument.Read(Signed(good)));
        Assert.All(bad, b => Malformed(() => CalibrationDocument.Read(Signed(b))));

        // A number too large for its type is read as infinite.
        var json = System.Text.Encoding.UTF8.GetString(Signed(good).Payload);
        Malformed(() => CalibrationDocument.Read(SignedDocument.Sign(System.Text.Encoding.UTF8.GetBytes(json.Replace("\"threshold\":1", "\"threshold\":1e99", StringComparison.Ordinal)), _packages.BankKey)));
    }

    [Fact]
    public void Calibration_WithItsNormalScores_KeepsThem()
    {
        var normal = new NormalScores(Enumerable.Range(0, 20).Select(i => new NormalScore(new(i, new(i, i % 3, i % 7)), 0.1f * i, 0.2f * i)));
        var good = new CalibrationDocument { Category = "cap", BankVersion = 2, Number = 1, Created = TestTrust.Start, Expires = TestTrust.Start.AddDays(1), Calibration = Calibrator.Calibrate(normal, CalibrationMethod.HeldOut, DistanceForm.OneSided, ThresholdRule.Conformal(0.05)) };
        Assert.Equal(good, CalibrationDocument.Read(Signed(good)));
    }

    /// <summary>As a program signed it that kept no normal scores.</summary>
    [Fact]
    public void Calibration_OfTheFirstRelease_IsRead()
    {
        var path = Path.Combine(SharedFiles.Repository, "tests", "StructCore.Edge.Tests", "BankUpdates", "Packages", "Released", "calibration.json");
        var read = CalibrationDocument.Read(SignedDocument.Parse(File.ReadAllBytes(path)));
        Assert.Equal(("cap", 30f, 5), (read.Category, read.Calibration.Threshold, read.Calibration.Images));
        Assert.Null(read.Calibration.Normal);
    }

    [Fact]
    public void Override_EveryRule_IsAsked()
    {
        var good = new OverrideDocument { Category = "cap", Version = 2, Created = TestTrust.Start, Expires = TestTrust.Start.AddDays(31), Reason = "it's so" };
        OverrideDocument[] bad =
        [
            good with { Category = "" },
            good with { Version = 0 },
            good with { Expires = good.Created },
            good with { Expires = good.Expires.AddMinutes(1) },
            good with { Reason = "" },
            good with { Reason = "a\nb" },
            good with { Reason = new string('x', 501) },
        ];
        Assert.Equal(good, OverrideDocument.Read(Signed(good)));
        Assert.All(bad, b => Malformed(() => OverrideDocument.Read(Signed(b))));
    }

    [Fact]
    public void RequireInTime_BeforeOrAfter_IsExpired()
    {
        var document = new OverrideDocument { Category = "cap", Version = 2, Created = TestTrust.Start, Expires = TestTrust.Start.AddDays(2), Reason = "x" };
        document.RequireInTime(document.Created.AddMinutes(-10));
        document.RequireInTime(document.Expires);
        Assert.Equal(UpdateRefusal.Expired, Assert.Throws<UpdateRefusedException>(() => document.RequireInTime(document.Created.AddMinutes(-11))).Refusal);
        Assert.Equal(UpdateRefusal.Expired, Assert.Throws<UpdateRefusedException>(() => document.RequireInTime(document.Expires.AddSeconds(1))).Refusal);
    }

    [Fact]
    public void Desired_WhatWasWritten_IsReadBack()
    {
        _packages.Write("cap", 1);
        var desired = _packages.Desired("cap", 1);
        var read = DesiredBank.Parse(desired.ToJson());
        Assert.Equal((desired.Package, desired.Release.Sha256), (read.Package, read.Release.Sha256));
        Assert.Null(read.Override);

        var leave = Signed(new OverrideDocument { Category = "cap", Version = 1, Created = TestTrust.Start, Expires = TestTrust.Start.AddDays(1), Reason = "x" });
        Assert.Equal(leave.Sha256, DesiredBank.Parse((desired with { Override = leave }).ToJson()).Override?.Sha256);
    }

    [Fact]
    public void Desired_EveryRule_IsAsked()
    {
        _packages.Write("cap", 1);
        var good = _packages.Desired("cap", 1);
        DesiredBank[] bad =
        [
            good with { Package = good.Package with { Bytes = 0 } },
            good with { Package = good.Package with { Sha256 = "x" } },
            good with { Release = good.Release with { Signatures = [] } },
            good with { Override = good.Release with { Payload = [] } },
        ];
        Assert.All(bad, b => Malformed(() => DesiredBank.Parse(b.ToJson())));
        Malformed(() => DesiredBank.Parse("""{"payload":"e30="}"""u8));
        Malformed(() => DesiredBank.Parse([]));
        Assert.Equal(UpdateRefusal.TooLarge, Assert.Throws<UpdateRefusedException>(() => DesiredBank.Parse(new byte[DesiredBank.MaxBytes + 1])).Refusal);
    }

    private static void Malformed(Func<object> act) => Assert.Equal(UpdateRefusal.Malformed, Assert.Throws<UpdateRefusedException>(act).Refusal);

    private SignedDocument Signed<T>(T content) => SignedDocument.Sign(content, _packages.BankKey);
}
