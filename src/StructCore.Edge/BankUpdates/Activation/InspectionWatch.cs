using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Threading.Channels;
using StructCore.Edge.Inspection;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Shows inspections to the shadows and to the guard once their verdicts are out; costs next to nothing while none of them looks, and never waits.</summary>
internal sealed class InspectionWatch(InspectionPipeline pipeline)
{
    // Each holds the features of a whole part.
    private const int MostShadowed = 4;
    private const int MostGuarded = 256;

    // All count what they are too slow for, and go on with what comes after it.
    private readonly Channel<SeenVerdict> _guarded = Channel.CreateBounded<SeenVerdict>(new BoundedChannelOptions(MostGuarded) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly Lock _gate = new();
    private ImmutableDictionary<string, Channel<SeenInspection>> _shadowed = ImmutableDictionary.Create<string, Channel<SeenInspection>>(StringComparer.Ordinal);
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
        if (_guarding && !_guarded.Writer.TryWrite(new(pending.Trigger.Recipe ?? outcome.Bank?.Manifest.Category, outcome.Verdict, pending.Frame is not null)))
        {
            Interlocked.Increment(ref _dropped);
        }

        if (outcome is { Features: { } features, Bank: { } bank, Scored: { } scored } && Volatile.Read(ref _shadowed).TryGetValue(bank.Manifest.Category, out var shadowed))
        {
            var seen = new SeenInspection(bank, features.Share(), scored);
            if (!shadowed.Writer.TryWrite(seen))
            {
                seen.Features.Dispose();
                Interlocked.Increment(ref _dropped);
            }
        }
    }

    /// <summary>The inspections of a category from now on, until <see cref="Unfollow"/>; one shadow a category.</summary>
    public ChannelReader<SeenInspection> Follow(string category)
    {
        var shadowed = Channel.CreateBounded<SeenInspection>(new BoundedChannelOptions(MostShadowed) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        Set(all => all.Add(category, shadowed));
        return shadowed.Reader;
    }

    public void Unfollow(string category) => Set(all => all.Remove(category));

    private void Set(Func<ImmutableDictionary<string, Channel<SeenInspection>>, ImmutableDictionary<string, Channel<SeenInspection>>> change)
    {
        lock (_gate)
        {
            Volatile.Write(ref _shadowed, change(_shadowed));
            pipeline.KeepFeaturesOf = _shadowed.Keys.ToFrozenSet(StringComparer.Ordinal);
        }
    }
}
