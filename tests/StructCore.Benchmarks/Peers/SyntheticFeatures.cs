namespace StructCore.Benchmarks.Peers;

/// <summary>Rows that lie as features do: few wide directions, the rest noise.</summary>
internal static class SyntheticFeatures
{
    private const int Directions = 24;

    /// <summary>[rows, width]; the same for the same seed and width, whatever comes after.</summary>
    public static float[] Of(int rows, int width, int seed)
    {
        var basis = Normal(Directions * width, new Random(width));
        var random = new Random(seed);
        var values = Normal(rows * width, random);
        for (var row = 0; row < rows; row++)
        {
            var target = values.AsSpan(row * width, width);
            for (var direction = 0; direction < Directions; direction++)
            {
                var weight = 3f * ((2 * random.NextSingle()) - 1) / (1 + (direction / 4));
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(basis.AsSpan(direction * width, width), weight, target, target);
            }
        }

        return values;
    }

    /// <summary>Sums of four uniform draws with variance 1: near enough to a normal distribution.</summary>
    private static float[] Normal(int count, Random random)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = MathF.Sqrt(3) * (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2);
        }

        return values;
    }
}
