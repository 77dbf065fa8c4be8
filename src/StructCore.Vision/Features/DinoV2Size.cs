namespace StructCore.Vision.Features;

/// <summary>Sizes of DINOv2 with patches of 14 pixels; heads are width / 64, the MLP is four times as wide.</summary>
public enum DinoV2Size
{
    /// <summary>Width 64, 12 blocks: no published model, for tests.</summary>
    Tiny,

    /// <summary>ViT-S/14: width 384, 12 blocks.</summary>
    Small,

    /// <summary>ViT-B/14: width 768, 12 blocks.</summary>
    Base,

    /// <summary>ViT-L/14: width 1024, 24 blocks.</summary>
    Large,
}
