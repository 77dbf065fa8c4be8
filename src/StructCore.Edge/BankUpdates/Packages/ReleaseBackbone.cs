namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>The backbone a bank asks for.</summary>
/// <param name="Sha256">Of the ONNX file.</param>
/// <param name="PreprocessSha256">Of what turns a frame into its input: sizes, means, deviations, frame mode.</param>
/// <param name="FuseSha256">Of what turns its layers into features: layers, fuse, projection, grid, width.</param>
internal sealed record ReleaseBackbone(string Name, string Sha256, string PreprocessSha256, string FuseSha256);
