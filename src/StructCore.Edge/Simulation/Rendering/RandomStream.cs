using StructCore.Vision.Features;

namespace StructCore.Edge.Simulation.Rendering;

/// <summary>SplitMix64, one independent stream per seed and purpose, so that a defect leaves every other draw of its part as it was.</summary>
internal sealed class RandomStream(ulong seed, string purpose)
{
    private SplitMix64 _draws = new(purpose.Aggregate(SplitMix64.At(seed, 0), (state, letter) => SplitMix64.At(state, letter)));

    public ulong Next() => _draws.Next();

    /// <summary>Uniform, 0 (included) to 1 (excluded).</summary>
    public float Unit() => (Next() >> 40) * (1f / (1 << 24));

    public float Between(float low, float high) => low + ((high - low) * Unit());

    /// <summary>Uniform, 0 (included) to <paramref name="count"/> (excluded).</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>Nearly normal, mean 0, deviation 1: the sum of four 16-bit uniforms of one draw.</summary>
    public float Gaussian()
    {
        var draw = Next();
        var sum = (draw & 0xFFFF) + ((draw >> 16) & 0xFFFF) + ((draw >> 32) & 0xFFFF) + (draw >> 48);
        return (sum - (2f * 0xFFFF)) * (1.7320508f / 0xFFFF);
    }
}
