using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StructCore.Edge.Inspection;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Shows inspections to the shadow and to the guard once their verdicts are out; costs next to nothing while neither looks, and never waits.</summary>
internal sealed class InspectionWatch(InspectionPipeline pipeline)
{
    // Each holds the features of a whole part.
    private const int MostShadowed = 4;
    private const int MostGuarded = 256;

    // Both count what they are too slow for, and go on with what comes after it.
    private readonly Channel<SeenVerdict> _guarded = Channel.CreateBounded<SeenVerdict>(new BoundedChannelOptions(MostGuarded) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private volatile Channel<SeenInspection>? _shadowed;
    private volatile bool _guarding;
    private long _dropped;

    /// <summary>Inspections that shadow or guard did not see, since they were slower than the line.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Whether anybody guards.</summary>
    public bool Guarding
    {
        set => _guarding = value;
    }

    public ChannelReader<SeenVerdict> Guarded => _guarded.Reader;

    /// <summary>Takes an inspection whose verdict was handed over.</summary>
    public void Offer(PendingInspection pending)
    {
        var outcome = pending.Outcome;
        if (_guarding && !_guarded.Writer.TryWrite(new(pending.Trigger.Recipe ?? outcome.Verdict.Category, outcome.Verdict, pending.Frame is not null)))
        {
            Interlocked.Increment(ref _dropped);
        }

        if (_shadowed is { } shadowed && outcome is { Features: { } features, Bank: { } bank, Scored: { } scored } && !shadowed.Writer.TryWrite(new(bank, features, scored)))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>The inspections of a category, while somebody asks for them; one category at a time.</summary>
    public async IAsyncEnumerable<SeenInspection> FollowAsync(string category, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shadowed = Channel.CreateBounded<SeenInspection>(new BoundedChannelOptions(MostShadowed) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        (_shadowed, pipeline.KeepFeaturesOf) = (shadowed, category);
        try
        {
            await foreach (var seen in shadowed.Reader.ReadAllAsync(cancellationToken))
            {
                // One that was under way may be of another category that was followed before.
                if (seen.Bank.Manifest.Category == category)
                {
                    yield return seen;
                }
            }
        }
        finally
        {
            (pipeline.KeepFeaturesOf, _shadowed) = (null, null);
        }
    }
}
