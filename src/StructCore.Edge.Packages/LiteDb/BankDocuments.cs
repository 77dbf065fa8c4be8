using LiteDB;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>Standings and lines of bank history to documents and back.</summary>
internal static class BankDocuments
{
    public static BsonDocument Of(BankStanding standing) => new BsonDocument
    {
        ["_id"] = Documents.Hash(standing.Station, standing.Category),
        ["highest_version"] = standing.HighestVersion,
        ["highest_calibration"] = standing.HighestCalibration,
        ["on_probation"] = standing.OnProbation,
        ["probation_starts"] = standing.ProbationStarts,
        ["dormant"] = standing.Dormant,
    }
        .With("station", standing.Station)
        .With("category", standing.Category)
        .With("active", standing.Active)
        .With("previous", standing.Previous)
        .With("since", standing.Since)
        .With("calibration", standing.Calibration)
        .With("previous_calibration", standing.PreviousCalibration)
        .With("calibration_before", standing.CalibrationBefore);

    public static BankStanding Standing(BsonDocument document) => new(
        document.Text("station")!, document.Text("category")!, document.Bank("active")!, document.Bank("previous"), document["highest_version"].AsInt32, document.Time("since"))
    {
        Calibration = document.Text("calibration"),
        PreviousCalibration = document.Text("previous_calibration"),
        CalibrationBefore = document.Text("calibration_before"),
        HighestCalibration = document["highest_calibration"].AsInt32,
        OnProbation = document["on_probation"].AsBoolean,
        ProbationStarts = document["probation_starts"].AsInt32,
        Dormant = document["dormant"].AsBoolean,
    };

    /// <summary>Alike are events of one kind at one station.</summary>
    public static BsonDocument Of(BankEvent happened) => new BsonDocument
    {
        ["_id"] = happened.Id,
        [Documents.Key] = Documents.Hash(happened.Station, Named(happened.Kind)),
        ["kind"] = (int)happened.Kind,
        ["version"] = happened.Version,
    }
        .With("at", happened.At)
        .With("station", happened.Station)
        .With("category", happened.Category)
        .With("reason", happened.Reason)
        .With("signed_by", string.Join(' ', happened.SignedBy))
        .With("document_sha256", happened.DocumentSha256)
        .With("package_sha256", happened.PackageSha256)
        .With("gates", happened.Gates);

    public static BankEvent Event(BsonDocument document) => new(
        document["_id"].AsInt64,
        document.Time("at"),
        document.Text("station")!,
        document.Text("category"),
        (BankEventKind)document["kind"].AsInt32 is var kind && Enum.IsDefined(kind) ? kind : throw new FormatException($"kind {document["kind"]}"),
        document["version"].AsInt32,
        document.Text("reason"),
        document.Text("signed_by")!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        document.Text("document_sha256"),
        document.Text("package_sha256"),
        document.Text("gates"));

    private static string Named(BankEventKind kind) => Enum.GetName(kind) ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
}
