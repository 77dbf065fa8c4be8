using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Storage;

/// <summary>Which bank of a category a station decides with, and how it came to it. Kept in the store, so that no bank folder can lie about it.</summary>
/// <param name="Active">The bank of the next inspection.</param>
/// <param name="Previous">The bank before; what a rollback goes back to.</param>
/// <param name="HighestVersion">Highest version seen in a good release; lower ones need an override.</param>
/// <param name="Since">When <paramref name="Active"/> became that.</param>
public sealed record BankStanding(string Station, string Category, BankIdentity Active, BankIdentity? Previous, int HighestVersion, DateTimeOffset Since)
{
    /// <summary>The signed calibration document that stands in place of the active bank's own; null: none does.</summary>
    public string? Calibration { get; init; }

    /// <summary>The same of <see cref="Previous"/>, when it decided last.</summary>
    public string? PreviousCalibration { get; init; }

    /// <summary>Highest number of a calibration document seen for the active bank's version.</summary>
    public int HighestCalibration { get; init; }

    /// <summary>The active bank is watched and may be swapped back; where <see cref="CalibrationBefore"/> is not null, its calibration is.</summary>
    public bool OnProbation { get; init; }

    /// <summary>What <see cref="Calibration"/> was before the one on probation, empty for the bank's own; null where it is the bank that is on probation, or nothing.</summary>
    public string? CalibrationBefore { get; init; }

    /// <summary>How often an agent started during this probation.</summary>
    public int ProbationStarts { get; init; }

    /// <summary>No bank of the category decides: the first one it was to have, <see cref="Active"/>, is not active yet or was taken back.</summary>
    public bool Dormant { get; init; }
}
