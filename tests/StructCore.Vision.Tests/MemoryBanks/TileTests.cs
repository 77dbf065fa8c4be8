using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed unsafe class TileTests
{
    private delegate void Kernel(float* queries, float* panel, int width, float* sums);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(128)]
    public void EveryVectorWidth_RandomRows_GivesTheSameProducts(int width)
    {
        var random = new Random(width);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 4) - 2)];
        var (queries, rows) = (Values(Tile.Queries * width), Values(PackedRows.Lanes * width));
        var packed = new PackedRows(rows, width);
        foreach (var kernel in (Kernel[])[Tile512.Compute, Tile256.Compute, Tile128.Compute])
        {
            var got = new float[Tile.Size];
            fixed (float* query = queries, sums = got)
            {
                kernel(query, packed.Panel(0), width, sums);
            }

            for (var i = 0; i < got.Length; i++)
            {
                var (q, row) = (i / PackedRows.Lanes * width, i % PackedRows.Lanes * width);
                Assert.Equal(Enumerable.Range(0, width).Sum(d => (double)queries[q + d] * rows[row + d]), got[i], 1e-3);
            }
        }
    }
}
