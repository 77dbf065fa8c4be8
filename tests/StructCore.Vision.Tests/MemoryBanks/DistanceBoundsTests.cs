using System.Numerics.Tensors;
using FsCheck;
using FsCheck.Fluent;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed class DistanceBoundsTests
{
    public static TheoryData<string> Kinds => BoundsKinds.Names;

    [Theory]
    [MemberData(nameof(Kinds))]
    public unsafe void Compute_AnyRows_LiesBelowTheDistanceAndNotFar(string kind) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            // Magnitudes of all sizes, far from the origin or not: where norms cancel, rounding is worst.
            var random = new Random(seed);
            var (rows, width) = (random.Next(1, 80), random.Next(1, 70));
            var (scale, offset) = (Math.Pow(10, random.Next(-20, 9)), random.Next(0, 3) * 100);
            float Value() => (float)(scale * (offset + (random.NextDouble() * 4) - 2));
            var bank = Enumerable.Range(0, rows * width).Select(_ => Value()).ToArray();
            var query = Enumerable.Range(0, width).Select(_ => Value()).ToArray();

            // An eighth of the squared norms is what rounding to 8 bit can hide at these widths; about the mean they may be a few times larger.
            var far = 0.8f * (TensorPrimitives.SumOfSquares<float>(query) + Enumerable.Range(0, rows).Max(r => TensorPrimitives.SumOfSquares(bank.AsSpan(r * width, width))));
            var bounds = BoundsKinds.Of(kind, bank, width);
            var prepared = new byte[bounds.Queries * bounds.QueryBytes];
            var terms = new QueryTerms[bounds.Queries];
            var limits = Enumerable.Repeat(float.PositiveInfinity, bounds.Queries).ToArray();
            var got = new float[bounds.Queries * bounds.Lanes];
            fixed (byte* queries = prepared)
            fixed (float* target = got)
            {
                terms[1] = bounds.Prepare(query, queries + bounds.QueryBytes);
                for (var row = 0; row < rows; row++)
                {
                    Assert.True(bounds.Compute(queries, terms, limits, row / bounds.Lanes, target));
                    var (bound, distance) = (got[bounds.Lanes + (row % bounds.Lanes)], SquaredDistance.Of(query, bank.AsSpan(row * width, width)));
                    Assert.True(bound <= distance, $"bound {bound:R} above distance {distance:R}");
                    Assert.True(bound >= distance - far, $"bound {bound:R} far below distance {distance:R}");
                }

                Assert.All(Enumerable.Range(rows, (bounds.Panels * bounds.Lanes) - rows), lane => Assert.Equal(float.PositiveInfinity, got[bounds.Lanes + (lane % bounds.Lanes)]));
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Kinds))]
    public unsafe void Compute_BoundsAtTheirLimits_FindsNone(string kind)
    {
        var (bank, query) = (Enumerable.Range(0, 48).Select(i => (float)i).ToArray(), new float[8]);
        var bounds = BoundsKinds.Of(kind, bank, 8);
        var (prepared, terms, got) = (new byte[bounds.Queries * bounds.QueryBytes], new QueryTerms[bounds.Queries], new float[bounds.Queries * bounds.Lanes]);
        fixed (byte* queries = prepared)
        fixed (float* target = got)
        {
            for (var q = 0; q < bounds.Queries; q++)
            {
                terms[q] = bounds.Prepare(query, queries + (q * bounds.QueryBytes));
            }

            bounds.Compute(queries, terms, new float[bounds.Queries], 0, target);
            var limits = Enumerable.Repeat(got.Min(), bounds.Queries).ToArray();
            Assert.False(bounds.Compute(queries, terms, limits, 0, target));
            limits[^1] = MathF.BitIncrement(limits[^1]);
            Assert.True(bounds.Compute(queries, terms, limits, 0, target));
        }
    }

    [Fact]
    public void Of_RowThatIsNotANumber_IsNotQuantised() => Assert.IsType<FloatBounds>(DistanceBounds.Of([1, float.NaN, 3, 4], 2));
}
