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

    /// <summary>Another bank decides from now on.</summary>
    public BankStanding Activate(BankIdentity bank, DateTimeOffset now, bool onProbation) => Bare(bank, now) with
    {
        Previous = Dormant ? null : Active,
        PreviousCalibration = Dormant ? null : Calibration,
        HighestVersion = Math.Max(HighestVersion, bank.Version),
        OnProbation = onProbation,
    };

    /// <summary>What was made of the active bank here decides from now on, by the calibration that counts for its version.</summary>
    public BankStanding Teach(BankIdentity edition, DateTimeOffset now) => Activate(edition, now, onProbation: false) with
    {
        Calibration = Calibration,
        HighestCalibration = HighestCalibration,
    };

    /// <summary>The active bank decides by another calibration from now on.</summary>
    public BankStanding Calibrate(string document, int number, bool onProbation) => this with
    {
        Calibration = document,
        HighestCalibration = number,
        OnProbation = onProbation,
        ProbationStarts = 0,
        CalibrationBefore = onProbation ? Calibration ?? "" : null,
    };

    /// <summary>The probation has ended well.</summary>
    public BankStanding Confirm() => this with { OnProbation = false, ProbationStarts = 0, CalibrationBefore = null };

    /// <summary>What is on probation is taken back: the calibration, or the bank, where there was none before to nothing.</summary>
    public BankStanding TakeBack(DateTimeOffset now) => CalibrationBefore is { } before
        ? Confirm() with { Calibration = before.Length == 0 ? null : before }
        : GoBack(now);

    /// <summary>To the bank before, which has none before it then; where there is none, to nothing.</summary>
    public BankStanding GoBack(DateTimeOffset now) => Previous is null
        ? Confirm() with { Dormant = true }
        : Bare(Previous, now) with { Calibration = PreviousCalibration };

    /// <summary>Active and previous bank change places. Nothing where there is none before.</summary>
    public BankStanding? Swap(DateTimeOffset now) => Previous is null || Dormant ? null : Bare(Previous, now) with
    {
        Calibration = PreviousCalibration,
        Previous = Active,
        PreviousCalibration = CalibrationBefore is { } before ? (before.Length == 0 ? null : before) : Calibration,
    };

    private BankStanding Bare(BankIdentity active, DateTimeOffset now) => new(Station, Category, active, null, HighestVersion, now);
}
