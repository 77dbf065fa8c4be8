using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>What is to be sent to stations, found whole.</summary>
/// <param name="Title">For people: <c>cap-v7</c>.</param>
/// <param name="Topic">Where it goes, retained.</param>
/// <param name="Subject">What the stations will speak of; null: they say nothing about it.</param>
/// <param name="Package">The package that has to be there before; null: none.</param>
internal sealed record Publication(string Title, Func<StationTopics, string> Topic, byte[] Message, UpdateSubject? Subject, PackageRequest? Package)
{
    /// <summary>A signed package, and the leave to activate it although it is older.</summary>
    /// <exception cref="UpdateRefusedException">It would be refused by every station.</exception>
    public static Publication OfPackage(string path, SignedDocument? leave, DateTimeOffset now)
    {
        var release = BankPackage.ReadRelease(path);
        var manifest = BankPackage.Open(path, release).Manifest;
        manifest.RequireInTime(now);
        if (leave is not null)
        {
            Require(leave, manifest, now);
        }

        var package = PackageFile.Of(path);
        return new Publication(
            manifest.Id,
            topics => topics.Desired(manifest.Category),
            Sized(new DesiredBank(release, package, leave).ToJson(), manifest.Id),
            new UpdateSubject(manifest.Category, manifest.Version),
            new PackageRequest(manifest.Category, manifest.Version, package, BankPackage.Limit(manifest, release)));
    }

    /// <summary>A signed calibration, or a chain of trust documents.</summary>
    /// <exception cref="UpdateRefusedException">It is neither, or would be refused by every station.</exception>
    public static Publication OfDocument(byte[] json, DateTimeOffset now)
    {
        if (json.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'[', ..])
        {
            var newest = TrustDocument.Read(TrustChain.Parse(json)[^1]);
            return new Publication($"trust {newest.Version}", topics => topics.Trust, Sized(json, "the trust chain"), null, null);
        }

        var calibration = CalibrationDocument.Read(SignedDocument.Parse(json));
        calibration.RequireInTime(now);
        var title = $"calibration {calibration.Number} of {calibration.Category}-v{calibration.BankVersion}";
        return new Publication(title, topics => topics.Calibration(calibration.Category), Sized(json, title), new UpdateSubject(calibration.Category, calibration.BankVersion, calibration.Number), null);
    }

    private static void Require(SignedDocument leave, ReleaseManifest manifest, DateTimeOffset now)
    {
        var content = OverrideDocument.Read(leave);
        content.RequireInTime(now);
        if ((content.Category, content.Version) != (manifest.Category, manifest.Version))
        {
            throw new UpdateRefusedException(UpdateRefusal.WrongBank, $"the override is for '{content.Category}-v{content.Version}', the package is '{manifest.Id}'. Make one for it: structcore bank override.");
        }
    }

    private static byte[] Sized(byte[] message, string title)
    {
        const int Most = BusConnectionFactory.MaximumPacketBytes - BusConnectionFactory.PacketOverhead;
        return message.Length <= Most ? message : throw new UpdateRefusedException(UpdateRefusal.TooLarge, $"the message of {title} has {message.Length} bytes, stations take at most {Most}. Sign it with fewer parity images.");
    }
}
