using StructCore.Edge;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Tests.Fakes;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Tests.BankUpdates.Activation;

public sealed class StructuralCheckTests
{
    private readonly FakeExtractor _extractor = new();

    private BackboneManifest Backbone => _extractor.Backbone;

    private ProductBank Candidate => _extractor.Bank("cap", FakeExtractor.Cap, version: 2);

    private BankSet Present => BankSet.Create([_extractor.Bank("cap", FakeExtractor.Cap), _extractor.Bank("nut", FakeExtractor.Nut)], Backbone);

    [Fact]
    public void Require_ReleaseOfTheLoadedBackbone_Passes()
    {
        var (check, release) = (Check(), Releases.Of(Candidate, Backbone));
        check.Require(release);
        check.Require(release, Candidate, Present);
    }

    [Theory]
    [InlineData("1.2.3", "1.2.3", true)]
    [InlineData("1.10.0", "1.9.9", true)]
    [InlineData("1.2.3", "1.2.4", false)]
    [InlineData("1.9.9", "1.10.0", false)]
    public void Require_MinimumAgent_IsComparedByNumbers(string agent, string minimum, bool passes)
    {
        var (check, release) = (new StructuralCheck(Backbone, Version.Parse(agent)), Releases.Of(Candidate, Backbone) with { MinimumAgent = minimum });
        if (passes)
        {
            check.Require(release);
            return;
        }

        AssertRefused(UpdateRefusal.AgentTooOld, $"bank 'cap-v2' needs agent {minimum} or newer, this is {agent}.", () => check.Require(release));
    }

    [Fact]
    public void Release_OfThisProgram_HasThreeNumbersAlone() => Assert.Equal(ProgramVersion.Release.ToString(3), ProgramVersion.Number.Split('-', '+')[0]);

    [Fact]
    public void Require_OtherBackbone_SaysWhatDiffers()
    {
        var release = Releases.Of(Candidate, Backbone);
        AssertOther(release with { Backbone = release.Backbone with { Sha256 = new string('b', 64) } }, $"ONNX file, sha256 {new string('b', 64)}, here {new string('a', 64)}.");
        AssertOther(release with { Backbone = release.Backbone with { FuseSha256 = "other" } }, $"grid, width) other, here {BackboneDigests.Fuse(Backbone)}.");
        AssertOther(release with { Parity = release.Parity with { Side = 57 } }, "side of the parity images 57, here 56.");

        void AssertOther(ReleaseManifest other, string message) => AssertRefused(UpdateRefusal.WrongBackbone, message, () => Check().Require(other));
    }

    [Fact]
    public void Require_CandidateOfOtherFeatures_SaysWhatDiffers()
    {
        var release = Releases.Of(Candidate, Backbone);
        AssertRefused(UpdateRefusal.WrongBackbone, "width of the rows 3, here 2.", () => Check().Require(release, Changed(m => m with { Width = 3 }), Present));
        AssertRefused(UpdateRefusal.WrongBackbone, "deviations) of FullFrame frames other, here ", () => Check().Require(release with { Backbone = release.Backbone with { PreprocessSha256 = "other" } }, Candidate, Present));
    }

    [Fact]
    public void Require_FrameModeUnlikeTheOthers_DoesNotFit()
    {
        var candidate = _extractor.Bank("cap", FakeExtractor.Cap, 2, FrameMode.CentreCrop);
        AssertRefused(UpdateRefusal.DoesNotFit, "bank 'cap-v2' was fitted on CentreCrop frames, the banks of this station on FullFrame", () => Check().Require(Releases.Of(candidate, Backbone), candidate, Present));
    }

    [Fact]
    public void Require_MapOfAnotherSide_DoesNotFit() =>
        AssertRefused(UpdateRefusal.DoesNotFit, "asks for maps of side 100000, backbone 'fake' gives 56", () => Check().Require(Releases.Of(Candidate, Backbone), Changed(m => m with { MapSide = 100_000 }), Present));

    private static void AssertRefused(UpdateRefusal expected, string message, Action check)
    {
        var refusal = Assert.Throws<UpdateRefusedException>(check);
        Assert.Equal(expected, refusal.Refusal);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    private StructuralCheck Check() => new(Backbone, new Version(0, 1, 0));

    private ProductBank Changed(Func<BankManifest, BankManifest> change) => new(change(Candidate.Manifest), Candidate.Memory, Candidate.Routing, "changed");
}
