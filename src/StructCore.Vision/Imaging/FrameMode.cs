namespace StructCore.Vision.Imaging;

/// <summary>How a frame becomes the backbone's input (SPEC 1). A bank records the mode it was fitted with.</summary>
public enum FrameMode
{
    /// <summary>Resize to the backbone's resize side, then cut the centre: the reproduction mode of benchmark data.</summary>
    CentreCrop,

    /// <summary>Resize straight to the crop side, nothing cut off: the default of stations.</summary>
    FullFrame,
}
