namespace StructCore.Vision.Features;

/// <summary>What a backbone needs and gives: the sidecar <c>NAME.json</c> beside <c>NAME.onnx</c> (SPEC 2b).</summary>
public sealed record BackboneManifest
{
    /// <summary>File name without extension; banks name their backbone by it.</summary>
    public required string Name { get; init; }

    /// <summary>Family: <c>dinov2</c> or <c>resnet</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Side of the square the frame is resized to before the centre crop: 448, or 256 for residual networks.</summary>
    public required int Resize { get; init; }

    /// <summary>Side of the square input H = W: 392, or 224.</summary>
    public required int Crop { get; init; }

    /// <summary>Per-channel mean of x/255, RGB.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>Per-channel standard deviation of x/255, RGB.</summary>
    public required IReadOnlyList<float> Std { get; init; }

    /// <summary>Name of the graph's input, [N, 3, crop, crop].</summary>
    public string Input { get; init; } = "pixels";

    /// <summary>Name of the output that holds the fused features, [N, grid·grid, width].</summary>
    public string Output { get; init; } = "features";

    /// <summary>Name of the class-token output, [N, d]; absent where the backbone has none.</summary>
    public string? ClassOutput { get; init; }

    /// <summary>Layers that were fused, in order.</summary>
    public required IReadOnlyList<string> Layers { get; init; }

    /// <summary>How: <c>normalise-concatenate-project</c> (SPEC 3) or <c>mean3x3-concatenate</c> (SPEC 2b).</summary>
    public required string Fuse { get; init; }

    /// <summary>Seed of the projection W; absent where nothing is projected.</summary>
    public ulong? ProjectionSeed { get; init; }

    /// <summary>Side of the patch grid, 28.</summary>
    public required int Grid { get; init; }

    /// <summary>Width D of a fused feature.</summary>
    public required int Width { get; init; }

    /// <summary>SHA-256 of the ONNX file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Where the weights came from: a file name or an address.</summary>
    public string? Source { get; init; }

    /// <summary>SHA-256 of the weights the file was imported from, lower-case hex.</summary>
    public string? SourceSha256 { get; init; }
}
