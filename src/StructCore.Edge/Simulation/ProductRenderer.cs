using System.Numerics;
using StructCore.Edge.Simulation.Defects;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation;

/// <summary>
/// Renders simulated parts in software: the same seed gives the same pixels on every machine of one kind. A defect
/// changes nothing of the part but itself; pose, light, texture and noise have random streams of their own.
/// </summary>
internal static class ProductRenderer
{
    /// <summary>Side of the square frame.</summary>
    public const int Side = 320;

    private static readonly Vector2 ShadowOffset = new(2.5f, 3);

    public static RenderedPart Render(ProductKind kind, ulong seed, DefectKind? defect = null)
    {
        var product = Product.Create(kind, new RandomStream(seed, "part"));
        var flaw = defect is { } what ? Defect.Create(what, product, new RandomStream(seed, "defect")) : null;
        var pose = new Pose(new RandomStream(seed, "pose"));
        var tray = (uint)new RandomStream(seed, "tray").Next();

        var surfaces = new Surface[Side * Side];
        var mask = new bool[Side * Side];
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var p = pose.ToPart(new Vector2(x + 0.5f, y + 0.5f));
                surfaces[(y * Side) + x] = At(product, flaw, p, tray);
                mask[(y * Side) + x] = flaw?.Coverage(p) >= 0.5f && product.Outline(p) <= 0;
            }
        }

        return new RenderedPart(Lens.Expose(Light(surfaces, new Lighting(new RandomStream(seed, "light"))), Side, new RandomStream(seed, "sensor")), mask);
    }

    private static Surface At(Product product, Defect? flaw, Vector2 p, uint tray)
    {
        var outline = Outline(product, flaw, p);
        var covered = SignedDistance.Coverage(outline);
        var ground = default(Surface);
        if (covered < 1)
        {
            var shadow = SignedDistance.Step(3, -3, Outline(product, flaw, p - ShadowOffset));
            ground = new Surface(new Vector3(0.045f, 0.047f, 0.052f) * (1 - (0.6f * shadow)) * (1 + (0.12f * Noise.At(p * 0.5f, tray))), 0, 0.02f);
        }

        if (covered <= 0)
        {
            return ground;
        }

        var surface = product.At(p, outline);
        return ground.Under(flaw?.Apply(surface, p) ?? surface, covered);
    }

    private static float Outline(Product product, Defect? flaw, Vector2 p)
    {
        var outline = product.Outline(p);
        return flaw?.Outline(p, outline) ?? outline;
    }

    private static Vector3[] Light(Surface[] surfaces, Lighting lighting)
    {
        var light = new Vector3[surfaces.Length];
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var (left, right) = (Math.Max(x - 1, 0), Math.Min(x + 1, Side - 1));
                var (up, down) = (Math.Max(y - 1, 0), Math.Min(y + 1, Side - 1));
                var slope = new Vector2(
                    surfaces[(y * Side) + right].Height - surfaces[(y * Side) + left].Height,
                    surfaces[(down * Side) + x].Height - surfaces[(up * Side) + x].Height) / 2;
                var place = new Vector2((2f * x / Side) - 1, (2f * y / Side) - 1);
                light[(y * Side) + x] = lighting.Shade(surfaces[(y * Side) + x], slope, place);
            }
        }

        return light;
    }
}
