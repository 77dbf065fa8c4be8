using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed unsafe class TileTests
{
    private delegate void Kernel(float* queries, float* panel, int width, float* sums);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(128)]
    public void EveryVectorWidth_RandomRows_GivesTheSameSums(int width)
    {
        var random = new Random(width);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 4) - 2)];
        var (queries, rows) = (Values(Tile.Queries * width), Values(PackedRows.Lanes * width));
        float Dot(int q, int row) => (float)Enumerable.Range(0, width).Sum(d => (double)queries[(q * width) + d] * rows[(row * width) + d]);
        float Distance(int q, int row) => (float)Enumerable.Range(0, width).Sum(d => Math.Pow((double)queries[(q * width) + d] - rows[(row * width) + d], 2));
        Check(Dot, Tile.Queries, Tile512.Compute<DotStep>, Tile256.Compute<DotStep>, Tile128.Compute<DotStep>);
        Check(Distance, Tile.Queries, Tile512.Compute<SquaredDifferenceStep>, Tile256.Compute<SquaredDifferenceStep>, Tile128.Compute<SquaredDifferenceStep>);
        Check(Dot, 1, Tile512.ComputeOne<DotStep>, Tile256.ComputeOne<DotStep>, Tile128.ComputeOne<DotStep>);
        Check(Distance, 1, Tile512.ComputeOne<SquaredDifferenceStep>, Tile256.ComputeOne<SquaredDifferenceStep>, Tile128.ComputeOne<SquaredDifferenceStep>);

        void Check(Func<int, int, float> want, int count, params Kernel[] kernels)
        {
            var packed = new PackedRows(rows, width);
            foreach (var kernel in kernels)
            {
                var got = new float[Tile.Size];
                fixed (float* query = queries, sums = got)
                {
                    kernel(query, packed.Panel(0), width, sums);
                }

                for (var i = 0; i < count * PackedRows.Lanes; i++)
                {
                    Assert.Equal(want(i / PackedRows.Lanes, i % PackedRows.Lanes), got[i], 1e-3f);
                }
            }
        }
    }
}
