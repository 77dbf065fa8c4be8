namespace StructCore.Vision.Features;

/// <summary>The generator of every random choice in the method (SPEC 3): SplitMix64, unsigned 64 bit, wrapping.</summary>
/// <remarks>A mutable value: copy it and both copies go on alike. Not thread-safe; <see cref="At"/> is.</remarks>
/// <param name="seed">The state before the first draw.</param>
public struct SplitMix64(ulong seed)
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>Draw <paramref name="index"/>, counted from 0, of the sequence of <paramref name="seed"/>, without the ones before it.</summary>
    public static ulong At(ulong seed, long index) => Mix(unchecked(seed + (((ulong)index + 1) * Gamma)));

    /// <summary>The next draw, uniform over all 64-bit values.</summary>
    public ulong Next() => Mix(_state = unchecked(_state + Gamma));

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
