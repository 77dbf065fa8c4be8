using StructCore.Edge.Simulation;
using StructCore.Edge.Simulation.Defects;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Tests.Simulation;

public sealed class ProductRendererTests
{
    private const int Side = ProductRenderer.Side;

    public static MatrixTheoryData<string, string> EveryDefectOfEveryProduct { get; } =
        new(Enum.GetNames<ProductKind>(), Enum.GetNames<DefectKind>());

    public static TheoryData<string> EveryProduct { get; } = [.. Enum.GetNames<ProductKind>()];

    [Theory]
    [MemberData(nameof(EveryDefectOfEveryProduct))]
    public void Render_SameSeed_SamePixels(string product, string defect)
    {
        var (first, second) = (Render(product, 5, defect), Render(product, 5, defect));

        Assert.True(first.Image.Pixels.SequenceEqual(second.Image.Pixels));
        Assert.Equal(first.Mask, second.Mask);
    }

    [Theory]
    [MemberData(nameof(EveryDefectOfEveryProduct))]
    public void Render_Defect_ChangesThePartAtItsMaskAndNowhereElse(string product, string defect)
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            var (good, bad) = (Render(product, seed), Render(product, seed, defect));
            var changed = Changed(good, bad);

            var marked = bad.Mask.Count(m => m);
            Assert.InRange(marked, 30, Side * Side / 20);
            var seen = Enumerable.Range(0, changed.Length).Count(i => changed[i] && bad.Mask[i]);
            Assert.True(seen > 0.6 * marked, $"seed {seed}: {seen} of {marked} marked pixels changed");

            // Shadow, rim light and defocus reach a little beyond the defect itself.
            var near = Grown(bad.Mask, 6 + Lens.Reach);
            Assert.DoesNotContain(Enumerable.Range(0, changed.Length), i => changed[i] && !near[i]);
        }
    }

    [Theory]
    [MemberData(nameof(EveryProduct))]
    public void Render_GoodPart_MarksNothing(string product) => Assert.DoesNotContain(true, Render(product, 3).Mask);

    [Theory]
    [MemberData(nameof(EveryProduct))]
    public void Render_OtherSeed_IsAnotherPartOfTheSameLook(string product)
    {
        var (first, second) = (Render(product, 1), Render(product, 2));

        var differences = first.Image.Pixels.ToArray().Zip(second.Image.Pixels.ToArray(), (a, b) => Math.Abs(a - b)).ToArray();
        Assert.InRange(differences.Average(), 1.5, 40);
    }

    [Fact]
    public void Render_OtherProduct_LooksDifferent()
    {
        var means = Enum.GetNames<ProductKind>().Select(p => MeanColour(Render(p, 1))).ToArray();

        Assert.Equal(means.Length, means.Distinct().Count());
    }

    private static RenderedPart Render(string product, ulong seed, string? defect = null) =>
        ProductRenderer.Render(Enum.Parse<ProductKind>(product), seed, defect is null ? null : Enum.Parse<DefectKind>(defect));

    private static (int Red, int Green, int Blue) MeanColour(RenderedPart part)
    {
        var pixels = part.Image.Pixels.ToArray();
        int Mean(int channel) => (int)pixels.Where((_, i) => i % 3 == channel).Average(v => v);
        return (Mean(0), Mean(1), Mean(2));
    }

    private static bool[] Changed(RenderedPart good, RenderedPart bad)
    {
        var changed = new bool[Side * Side];
        for (var i = 0; i < good.Image.Pixels.Length; i++)
        {
            changed[i / 3] |= good.Image.Pixels[i] != bad.Image.Pixels[i];
        }

        return changed;
    }

    private static bool[] Grown(bool[] mask, int reach)
    {
        var grown = new bool[mask.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            if (!mask[i])
            {
                continue;
            }

            for (var y = Math.Max(0, (i / Side) - reach); y <= Math.Min(Side - 1, (i / Side) + reach); y++)
            {
                for (var x = Math.Max(0, (i % Side) - reach); x <= Math.Min(Side - 1, (i % Side) + reach); x++)
                {
                    grown[(y * Side) + x] = true;
                }
            }
        }

        return grown;
    }
}
