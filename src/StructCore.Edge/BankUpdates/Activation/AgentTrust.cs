using System.Text;
using Microsoft.Extensions.Logging;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Storage;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Whom this agent trusts at present: the document it was given by hand, and those that followed, the newest of which the store keeps.</summary>
internal sealed class AgentTrust
{
    /// <summary>Stands for the station in lines of history that are about all of them.</summary>
    private const string AllStations = "agent";

    private readonly IInspectionStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<AgentTrust> _log;
    private readonly Lock _gate = new();
    private volatile Trust _current;

    private AgentTrust(Trust current, IInspectionStore store, TimeProvider time, ILogger<AgentTrust> log) => (_current, _store, _time, _log) = (current, store, time, log);

    /// <summary>Raised when a newer trust document counts; must return at once.</summary>
    public event Action? Changed;

    public Trust Current => _current;

    /// <param name="file">The chain of trust documents that lies in the configuration.</param>
    /// <exception cref="UpdateRefusedException">The file holds no trust, and neither does the store.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static AgentTrust Open(string file, IInspectionStore store, TimeProvider time, ILogger<AgentTrust> log)
    {
        var chain = TrustChain.Parse(File.ReadAllBytes(file));
        if (store.TrustDocument() is not { } kept)
        {
            return new(TrustChain.Open(chain), store, time, log);
        }

        var trust = new AgentTrust(Trust.Open(SignedDocument.Parse(Encoding.UTF8.GetBytes(kept))), store, time, log);
        trust.TakeByHand(chain, file);
        return trust;
    }

    /// <summary>Takes what follows the present trust, one document after the other.</summary>
    /// <returns>Version of the trust that counts now.</returns>
    /// <exception cref="UpdateRefusedException">No chain, or a document that does not follow or lacks signatures; those before it count.</exception>
    /// <exception cref="InspectionStoreException">It cannot be kept.</exception>
    public int Advance(ReadOnlySpan<byte> chain, string station)
    {
        var documents = TrustChain.Parse(chain);
        lock (_gate)
        {
            foreach (var next in TrustChain.After(_current, documents))
            {
                Keep(next, station, "published");
            }

            return _current.Version;
        }
    }

    private void TakeByHand(IReadOnlyList<SignedDocument> chain, string file)
    {
        try
        {
            foreach (var next in TrustChain.After(_current, chain))
            {
                Keep(next, AllStations, $"'{file}'");
            }
        }
        catch (UpdateRefusedException)
        {
            // Whoever may write the configuration may begin anew, where all keys are lost.
            Keep(TrustChain.Open(chain), AllStations, $"'{file}', by hand: it does not follow the one before");
        }
    }

    private void Keep(Trust next, string station, string reason)
    {
        var document = next.Document;
        _store.SaveTrustDocument(Encoding.UTF8.GetString(document.ToJson()), new(0, _time.GetUtcNow(), station, null, BankEventKind.TrustChanged, next.Version, reason, [.. document.Signatures.Select(s => s.KeyId)], document.Sha256, null, null));
        _current = next;
        _log.TrustChanged(next.Version, next.Content.Expires, reason);
        Changed?.Invoke();
    }
}
