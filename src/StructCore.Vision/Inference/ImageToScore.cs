using StructCore.Vision.Imaging;

namespace StructCore.Vision.Inference;

/// <summary>One image and what it is to be judged by.</summary>
/// <param name="Frame">Any size; the caller's, who keeps it alive until it is scored.</param>
/// <param name="Banks">What it is routed over; their frame mode brings it to size.</param>
/// <param name="Recipe">The category whose bank judges it, one of <paramref name="Banks"/>; null: the one it is routed to, unless it fits none.</param>
/// <param name="KeepFeatures">Whether its features are wanted too.</param>
public sealed record ImageToScore(RgbImage Frame, BankSet Banks, string? Recipe = null, bool KeepFeatures = false);
