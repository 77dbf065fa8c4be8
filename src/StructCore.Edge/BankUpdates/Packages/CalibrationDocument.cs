using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Calibration;

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
}
