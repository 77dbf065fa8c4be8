using StructCore.Edge.BankUpdates.Packages;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Inference;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Whether a bank belongs to this agent, its backbone, and the banks it will stand beside.</summary>
internal sealed class StructuralCheck(BackboneManifest backbone, Version agent)
{
    /// <summary>What the release alone tells, before anything is transferred.</summary>
    /// <exception cref="UpdateRefusedException">Made for another agent or another backbone.</exception>
    public void Require(ReleaseManifest release)
    {
        if (agent < Version.Parse(release.MinimumAgent))
        {
            throw new UpdateRefusedException(UpdateRefusal.AgentTooOld, $"bank '{release.Id}' needs agent {release.MinimumAgent} or newer, this is {agent}. Update StructCore.Edge on this station first.");
        }

        Require(release, "ONNX file, sha256", release.Backbone.Sha256, backbone.Sha256);
        Require(release, "fuse digest (layers, projection, grid, width)", release.Backbone.FuseSha256, BackboneDigests.Fuse(backbone));
        Require(release, "side of the parity images", $"{release.Parity.Side}", $"{backbone.Crop}");
    }

    /// <summary>What only the bank itself tells.</summary>
    /// <param name="present">The banks of the station, that of the same category too: while both are compared, they judge the same features.</param>
    /// <exception cref="UpdateRefusedException">Made for other features, or unlike the banks beside it.</exception>
    public void Require(ReleaseManifest release, ProductBank candidate, BankSet present)
    {
        var manifest = candidate.Manifest;
        Require(release, "width of the rows", $"{manifest.Width}", $"{backbone.Width}");
        Require(release, $"preprocess digest (sizes, means, deviations) of {manifest.Frame} frames", release.Backbone.PreprocessSha256, BackboneDigests.Preprocess(backbone, manifest.Frame));
        if (manifest.Frame != present.Mode)
        {
            throw new UpdateRefusedException(UpdateRefusal.DoesNotFit,
                $"bank '{release.Id}' was fitted on {manifest.Frame} frames, the banks of this station on {present.Mode}: one frame cannot serve both. Fit it with --frame as theirs.");
        }

        if (manifest.MapSide != backbone.Crop)
        {
            throw new UpdateRefusedException(UpdateRefusal.DoesNotFit, $"bank '{release.Id}' asks for maps of side {manifest.MapSide}, backbone '{backbone.Name}' gives {backbone.Crop}. Fit it again.");
        }
    }

    private void Require(ReleaseManifest release, string what, string asked, string loaded)
    {
        if (asked != loaded)
        {
            throw new UpdateRefusedException(UpdateRefusal.WrongBackbone,
                $"bank '{release.Id}' asks for backbone '{release.Backbone.Name}', '{backbone.Name}' is loaded: {what} {asked}, here {loaded}. Fit and sign it with this station's backbone, or give the station the bank's (Models:Backbone).");
        }
    }
}
