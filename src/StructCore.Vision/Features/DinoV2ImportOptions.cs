namespace StructCore.Vision.Features;

/// <summary>What the weights of a DINOv2 model do not say.</summary>
public sealed class DinoV2ImportOptions
{
    /// <summary>Attention heads; null takes <c>num_attention_heads</c> of the <c>config.json</c> beside the weights, or else width / 64.</summary>
    public int? Heads { get; init; }

    /// <summary>Width D of the projected features, 512.</summary>
    public int ProjectedWidth { get; init; } = 512;

    /// <summary>Seed of the projection W, 42.</summary>
    public ulong ProjectionSeed { get; init; } = 42;

    /// <summary>Adds the output <c>layers</c> [N, 5, grid·grid, d]: the five layers before they are fused.</summary>
    public bool ExposeLayers { get; init; }

    /// <summary>Where the weights came from, for the sidecar; null takes their file name.</summary>
    public string? Source { get; init; }
}
