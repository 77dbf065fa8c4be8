namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>Trust documents in order, as a JSON array: a trust file, and the retained message that brings newer ones.</summary>
internal static class TrustChain
{
    public const int MaxBytes = 1 << 20;

    private const string Subject = "the chain of trust documents";

    /// <exception cref="UpdateRefusedException">Not an array of signed documents.</exception>
    public static IReadOnlyList<SignedDocument> Parse(ReadOnlySpan<byte> json)
    {
        var chain = DocumentJson.Parse<SignedDocument[]>(json, Subject, MaxBytes);
        DocumentJson.Require(chain.Length > 0 && chain.All(d => d is not null), Subject, "it has no document, or one that is null.");
        foreach (var document in chain)
        {
            document.Require(Subject);
        }

        return chain;
    }

    public static byte[] ToJson(IReadOnlyList<SignedDocument> chain) => DocumentJson.Write(chain);

    /// <summary>The newest trust of a chain that begins the trust of this station.</summary>
    /// <exception cref="UpdateRefusedException">The first document does not stand by itself, or one does not follow.</exception>
    public static Trust Open(IReadOnlyList<SignedDocument> chain)
    {
        var first = Trust.Open(chain[0]);
        return After(first, chain).LastOrDefault() ?? first;
    }

    /// <summary>What a station with this trust makes of a chain: one trust after another, each verified when it is asked for; older documents are passed over.</summary>
    /// <exception cref="UpdateRefusedException">A document does not follow, or lacks signatures; those before it count.</exception>
    public static IEnumerable<Trust> After(Trust trust, IEnumerable<SignedDocument> chain)
    {
        foreach (var document in chain)
        {
            if (TrustDocument.Read(document).Version > trust.Version)
            {
                yield return trust = trust.Advance(document);
            }
        }
    }
}
