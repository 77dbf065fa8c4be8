using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>Payload of type <c>calibration</c>: how a bank version decides from now on, in place of its own calibration.</summary>
internal sealed record CalibrationDocument
{
    public DocumentType Type { get; init; } = DocumentType.Calibration;

    public required string Category { get; init; }

    /// <summary>The bank version it is for.</summary>
    public required int BankVersion { get; init; }

    /// <summary>Grows with every calibration of this bank version, from 1.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required ScoreCalibration Calibration { get; init; }

    /// <summary>Reads the payload and checks all but signatures and time.</summary>
    /// <exception cref="UpdateRefusedException">Not a calibration document, or a value out of range.</exception>
    public static CalibrationDocument Read(SignedDocument document)
    {
        const string Subject = "the calibration document";
        var content = document.Read<CalibrationDocument>(DocumentType.Calibration);
        var calibration = content.Calibration;
        DocumentJson.Require(CategoryName.IsValid(content.Category), Subject, $"'{content.Category}' cannot name a category.");
        DocumentJson.Require(content.BankVersion > 0 && content.Number > 0, Subject, $"it is number {content.Number} for bank version {content.BankVersion}, both begin at 1.");
        DocumentJson.Require(content.Expires > content.Created, Subject, "it expires before it was created.");
        DocumentJson.Require(
            calibration is { IsFinite: true, Threshold: > 0, Lambda: >= 0, Quantile: > 0 and <= 1, FalseReject: null or (> 0 and <= 1), UnknownShare: null or (> 0 and <= 1), Images: >= 0 }, Subject,
            "its thresholds, weights, moments and normal scores are finite numbers, the threshold above 0, lambda 0 or more, the quantile and the shares of false rejects and of unknown products above 0 and at most 1.");
        return content;
    }

    /// <exception cref="UpdateRefusedException">Past its time, or not begun.</exception>
    public void RequireInTime(DateTimeOffset now) => Validity.Require($"calibration {Number} of '{Category}-v{BankVersion}'", Created, Expires, now);
}
