using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>The backbone a bank asks for.</summary>
/// <param name="Sha256">Of the ONNX file.</param>
/// <param name="PreprocessSha256">Of what turns a frame into its input: sizes, means, deviations, frame mode.</param>
/// <param name="FuseSha256">Of what turns its layers into features: layers, fuse, projection, grid, width.</param>
internal sealed record ReleaseBackbone(string Name, string Sha256, string PreprocessSha256, string FuseSha256)
{
    private const int LongestName = 200;

    /// <exception cref="UpdateRefusedException">No name, or a digest that is none.</exception>
    public void Require(string subject) => DocumentJson.Require(
        DocumentJson.IsText(Name, LongestName) && DocumentJson.IsSha256(Sha256) && DocumentJson.IsSha256(PreprocessSha256) && DocumentJson.IsSha256(FuseSha256), subject,
        "its backbone has a name and three SHA-256 of 64 lower-case hex digits.");
}
