using System.Runtime.InteropServices;

namespace StructCore.Benchmarks.Peers;

/// <summary>One row of the peers' table: a piece of work that ours and a peer do on the same input files.</summary>
internal abstract class PeerWork
{
    /// <summary>What <c>--only</c> names it by.</summary>
    public abstract string Name { get; }

    /// <summary>What the table calls it.</summary>
    public abstract string Title { get; }

    /// <summary>Class of the peer in peers.py.</summary>
    public abstract string Peer { get; }

    /// <summary>Ours over the peer's time, at most.</summary>
    public abstract double Aim { get; }

    /// <summary>Sizes the peer needs to read the input files.</summary>
    public abstract IReadOnlyDictionary<string, int> Sizes { get; }

    /// <summary>Share of the work that the peer is given, where all of it would take too long and a part tells as much; its time is taken relative to that.</summary>
    public virtual double PeerShare => 1;

    /// <summary>How often both sides are measured, in turn.</summary>
    public virtual int Rounds => 7;

    /// <summary>How long one side repeats its work in a round, at least once; the median counts.</summary>
    public virtual TimeSpan Round => TimeSpan.FromMilliseconds(200);

    /// <summary>Writes the input files and makes ready what is not part of the work.</summary>
    public abstract void Prepare(string folder);

    /// <summary>Does the work once. The result may be overwritten by the next run.</summary>
    public abstract ReadOnlyMemory<float> Run();

    /// <summary>Why the peer's result is not ours; null where both agree.</summary>
    public virtual string? Difference(ReadOnlySpan<float> ours, ReadOnlySpan<float> peer)
    {
        if (ours.Length != peer.Length)
        {
            return $"{ours.Length} values, the peer has {peer.Length}";
        }

        for (var i = 0; i < ours.Length; i++)
        {
            if (!(Math.Abs(ours[i] - peer[i]) <= Tolerance * Math.Max(1, Math.Abs(peer[i]))))
            {
                return $"value {i} is {ours[i]:R}, the peer's {peer[i]:R}";
            }
        }

        return null;
    }

    /// <summary>Largest difference that is rounding, relative above 1, absolute below.</summary>
    protected abstract double Tolerance { get; }

    protected static void Write<T>(string folder, string name, ReadOnlySpan<T> values)
        where T : struct
    {
        using var file = File.Create(Path.Combine(folder, name));
        file.Write(MemoryMarshal.AsBytes(values));
    }
}
