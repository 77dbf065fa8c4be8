using System.CommandLine;
using System.Globalization;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary>What every verb takes that signs a calibration for a bank version.</summary>
internal sealed class CalibrationOptions
{
    private readonly Argument<string> _bank = new("BANK") { Description = "The bank file it is for, CATEGORY-vN.scbank" };
    private readonly Option<int> _number = new("--number") { HelpName = "N", Description = "Counts the calibrations of this bank version from 1; stations take only higher ones than they had", Required = true };
    private readonly LifeOption _expires = new("--expires", "365d", "How long stations may begin to use it");
    private readonly Option<string> _target = new("--out") { HelpName = "FILE", Description = "The signed document to write", Required = true };
    private readonly SigningOptions _signing = new();

    public void AddTo(Command command)
    {
        command.Arguments.Add(_bank);
        command.Options.Add(_number);
        command.Options.Add(_expires);
        command.Options.Add(_target);
        _signing.AddTo(command);
    }

    /// <exception cref="StructCore.Vision.MemoryBanks.InvalidBankException">The bank file cannot be read.</exception>
    public ProductBank Bank(ParseResult parsed) => BankFile.Read(parsed.GetRequiredValue(_bank));

    /// <summary>Signs a calibration of the bank and writes it.</summary>
    /// <exception cref="UpdateRefusedException">No station would take it.</exception>
    /// <exception cref="CommandFailedException">It is too large for a message.</exception>
    public void Write(ParseResult parsed, BankManifest manifest, ScoreCalibration calibration)
    {
        var now = TimeProvider.System.GetUtcNow();
        var document = new CalibrationDocument
        {
            Category = manifest.Category,
            BankVersion = manifest.Version,
            Number = parsed.GetValue(_number),
            Created = now,
            Expires = now + _expires.Read(parsed),
            Calibration = calibration,
        };
        if (DocumentJson.Write(document).Length is var bytes and > SignedDocument.MaxPayloadBytes)
        {
            throw new CommandFailedException(string.Create(CultureInfo.InvariantCulture,
                $"The calibration of '{manifest.Id}' keeps {calibration.Images} images and has {bytes} bytes, a message holds {SignedDocument.MaxPayloadBytes}. Calibrate on fewer images: a part of the new ones, in place of the old ones with 'structcore recalibrate --replace'."));
        }

        _signing.Write(parsed, document, CalibrationDocument.Read, parsed.GetRequiredValue(_target));
    }
}
