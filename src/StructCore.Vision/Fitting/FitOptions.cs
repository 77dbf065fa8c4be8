using StructCore.Vision.Calibration;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>How a bank is fitted.</summary>
public sealed record FitOptions
{
    /// <summary>Share of the training patches that is kept, p; above 0, at most 1.</summary>
    public double CoresetRatio { get; init; } = 0.01;

    /// <summary>Nearest rows a patch score averages, k; 1 or more.</summary>
    public int Neighbours { get; init; } = NearestNeighbourSearch.DefaultNeighbours;

    /// <summary>How frames become the backbone's input.</summary>
    public FrameMode Frame { get; init; } = FrameMode.FullFrame;

    /// <summary>Against which bank the normal images are scored. The default keeps its promise on unseen parts, the paper's does not.</summary>
    public CalibrationMethod Method { get; init; } = CalibrationMethod.Refilled;

    /// <summary>Form of the structural distance.</summary>
    public DistanceForm Distance { get; init; } = DistanceForm.OneSided;

    /// <summary>Where the threshold stands among the normal scores.</summary>
    public ThresholdRule Rule { get; init; } = ThresholdRule.Conformal(0.005);

    /// <summary>Share of good parts that may be refused as an unknown product; above 0, at most 1. Null: none is.</summary>
    public double? UnknownShare { get; init; } = 0.01;

    /// <summary>Takes the place of the automatic lambda; 0 or more.</summary>
    public float? Lambda { get; init; }

    /// <summary>Where the features lie while fitting, 2·P·D bytes an image; the system's temporary folder where it is null.</summary>
    public string? ScratchFolder { get; init; }
}
