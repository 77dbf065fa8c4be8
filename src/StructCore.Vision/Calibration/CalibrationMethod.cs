namespace StructCore.Vision.Calibration;

/// <summary>Against which bank a training image is scored when the scores of normal images are learned (SPEC 8).</summary>
public enum CalibrationMethod
{
    /// <summary>The whole bank, the image's own rows included: reproduction mode, rejects more good parts than it promises.</summary>
    Paper,

    /// <summary>The bank without the rows of the same image.</summary>
    LeaveOneOut,

    /// <summary>Five folds, each scored against a coreset chosen anew from the other four.</summary>
    KFold,

    /// <summary>Ten folds, likewise.</summary>
    TenFold,

    /// <summary>
    /// Twenty folds, and each image of one against the coreset chosen anew from the other folds, which goes on with the rest of its own fold until it
    /// covers that as well: as if chosen anew from all other images, <see cref="LeaveOneImageOut"/>, at a fraction of its time. Up to 128 images that
    /// itself, since it takes hardly longer there.
    /// </summary>
    Refilled,

    /// <summary>As many folds as images: each image against a coreset chosen anew from all others. Exact, and the slowest.</summary>
    LeaveOneImageOut,

    /// <summary>The whole bank, but other images than those it was fitted from: split-conformal.</summary>
    HeldOut,
}
