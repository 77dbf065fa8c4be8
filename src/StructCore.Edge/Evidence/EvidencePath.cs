using System.Globalization;
using System.Text.RegularExpressions;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Evidence;

/// <summary>Names of evidence files, <c>SITE/LINE/STATION/2026-02-03/040506-00000002-reject.png</c>: from the configuration and our own numbers, nothing from a payload.</summary>
internal static partial class EvidencePath
{
    /// <summary>What a file is called while it is written.</summary>
    public const string Temporary = ".tmp";

    /// <summary>Relative to the evidence folder, with forward slashes. The time keeps the files of two stores in one folder apart.</summary>
    public static string For(InspectionRecord record, EvidenceKind kind)
    {
        var decided = record.DecidedAt.UtcDateTime;
        var decision = record.Verdict.Decision.ToString().ToLowerInvariant();
        return string.Create(CultureInfo.InvariantCulture, $"{record.Trigger.Station}/{decided:yyyy-MM-dd}/{decided:HHmmss}-{record.Sequence:D8}-{decision}.{(kind == EvidenceKind.Frame ? "png" : "jpg")}");
    }

    /// <summary>Whether a relative path is one of ours; nothing else in the folder is ever touched.</summary>
    public static bool TryParse(string path, out long sequence, out EvidenceKind kind)
    {
        var name = Pattern().Match(path);
        kind = name.Groups[2].ValueSpan is "png" ? EvidenceKind.Frame : EvidenceKind.Overlay;
        return long.TryParse(name.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }

    [GeneratedRegex(@"\A(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}/){3}[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{6}-([0-9]{8,18})-(?:accept|reject|error)\.(png|jpg)\z")]
    private static partial Regex Pattern();
}
