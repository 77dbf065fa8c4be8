using System.Numerics;
using StructCore.Edge.Simulation.Rendering;
using static StructCore.Edge.Simulation.Rendering.SignedDistance;

namespace StructCore.Edge.Simulation.Products;

/// <summary>A populated circuit board: copper tracks under green lacquer, gold pads, two chips, small parts, white print.</summary>
internal sealed class Circuit : Product
{
    private const float Lacquer = 3;
    private const int HeaderPads = 11;

    private static readonly Vector2 Half = new(140, 112);
    private static readonly Vector2 Corner = new(126, 98);
    private static readonly Chip[] Chips = [new(new(-42, -6), new(34, 34), 9), new(new(62, 30), new(26, 17), 6)];
    private static readonly Vector2[] Passives = [new(-110, -58), new(-110, -32), new(-110, -6), new(-110, 20), new(2, -66), new(24, -20), new(112, -6), new(112, 22), new(-100, 62), new(-62, 62)];
    private static readonly Vector2 Can = new(72, -56);
    private static readonly (Vector2 From, Vector2 To)[] Tracks = [.. Route()];

    private static readonly Vector3 Green = new(0.020f, 0.155f, 0.060f);
    private static readonly Vector3 Track = new(0.045f, 0.270f, 0.105f);
    private static readonly Vector3 Gold = new(0.62f, 0.44f, 0.14f);
    private static readonly Vector3 Tin = new(0.46f, 0.47f, 0.48f);
    private static readonly Vector3 Plastic = new(0.022f, 0.023f, 0.026f);
    private static readonly Vector3 Ceramic = new(0.30f, 0.19f, 0.10f);
    private static readonly Vector3 Print = new(0.72f, 0.72f, 0.68f);

    private readonly uint _phase;
    private readonly Vector2[] _placed;

    public Circuit(RandomStream random)
    {
        _phase = (uint)random.Next();
        _placed = [.. Passives.Select(p => p + new Vector2(random.Between(-0.4f, 0.4f), random.Between(-0.4f, 0.4f)))];
    }

    public override IReadOnlyList<(Vector2 Centre, float Radius)> Features { get; } = [.. Passives.Select(p => (p, 14f)), (Can, 21f)];

    public override float Outline(Vector2 p) => MathF.Max(Box(p, Half, 7), -Disc(Vector2.Abs(p) - Corner, 6));

    public override Surface At(Vector2 p, float outline)
    {
        var surface = Board(p);
        surface = Chips.Aggregate(surface, (under, chip) => chip.Near(p) ? Mount(under, chip, p) : under);
        for (var i = 0; i < _placed.Length; i++)
        {
            var q = p - _placed[i];
            if (MathF.Max(MathF.Abs(q.X), MathF.Abs(q.Y)) < 18)
            {
                surface = Passive(surface, q, i == Missing);
            }
        }

        return Missing == _placed.Length ? Footprint(surface, p - Can) : Capacitor(surface, p - Can);
    }

    private Surface Board(Vector2 p)
    {
        var weave = 0.10f * MathF.Sin(p.X * 0.9f) * MathF.Sin(p.Y * 0.9f);
        var surface = new Surface(Green * (1 + weave + (0.08f * Noise.Fractal(p * 0.05f, _phase))), Lacquer, 0.10f);

        var track = float.MaxValue;
        foreach (var (from, to) in Tracks)
        {
            track = MathF.Min(track, Segment(p, from, to));
        }

        surface = surface.Under(new Surface(Track, Lacquer + 0.5f, 0.16f), Coverage(track - 1.3f));

        // A plated ring around each mounting hole, a row of through-hole pads along the lower edge.
        surface = surface.Under(new Surface(Gold, Lacquer + 0.4f, 0.45f), Coverage(Disc(Vector2.Abs(p) - Corner, 10)));
        var pad = p - HeaderPad(Math.Clamp((int)MathF.Round((p.X + 90) / 18), 0, HeaderPads - 1));
        surface = surface.Under(new Surface(Gold, Lacquer + 0.4f, 0.45f), Coverage(Disc(pad, 6.5f)));
        surface = surface.Under(new Surface(Plastic, 0, 0), Coverage(Disc(pad, 2.8f)));
        return surface.Under(new Surface(Print, Lacquer + 0.2f, 0.05f), Coverage(MathF.Abs(Box(p - new Vector2(0, 92), new Vector2(101, 10))) - 0.6f));
    }

    private static Surface Mount(Surface surface, Chip chip, Vector2 p)
    {
        var q = p - chip.Centre;
        var pitch = 2 * (chip.Half.X - 5) / (chip.Pins - 1);
        var nearest = Math.Clamp(MathF.Round((q.X + chip.Half.X - 5) / pitch), 0, chip.Pins - 1);
        var leg = new Vector2(q.X - ((nearest * pitch) - chip.Half.X + 5), MathF.Abs(q.Y) - chip.Half.Y - 3.5f);
        surface = surface.Under(new Surface(Tin, Lacquer + 2 - (0.3f * leg.Y), 0.3f), Coverage(Box(leg, new Vector2(1.7f, 5))));

        var body = Box(q, chip.Half, 2);
        var top = new Surface(Plastic, Lacquer + (5 * Step(0, 5, -body)), 0.06f);
        surface = surface.Under(top, Coverage(body));
        var dot = Disc(q + chip.Half - new Vector2(7, 7), 2.4f);
        var rows = MathF.Min(Lettering(q - new Vector2(0, -4), chip.Half.X - 10), Lettering(q - new Vector2(0, 4), chip.Half.X - 14));
        return surface.Under(new Surface(new Vector3(0.20f), top.Height, 0.05f), Coverage(MathF.Min(dot, rows)));
    }

    // A line of bars and gaps that reads as type from afar.
    private static float Lettering(Vector2 q, float half)
    {
        var cell = MathF.Floor((q.X + half) / 5);
        var inLetter = new Vector2(((q.X + half) / 5 - cell - 0.5f) * 5, q.Y);
        var stroke = ((int)cell * 7 % 3) switch
        {
            0 => MathF.Abs(Box(inLetter, new Vector2(1.4f, 2))) - 0.35f,
            1 => MathF.Min(Box(inLetter, new Vector2(0.4f, 2.2f)), Box(inLetter - new Vector2(0.6f, 2), new Vector2(1.2f, 0.4f))),
            _ => MathF.Min(Box(inLetter, new Vector2(1.6f, 0.4f)), Box(inLetter + new Vector2(1.2f, 0), new Vector2(0.4f, 2.2f))),
        };
        return MathF.Max(stroke, MathF.Abs(q.X) - half);
    }

    private static Surface Passive(Surface surface, Vector2 q, bool missing)
    {
        var land = Box(new Vector2(MathF.Abs(q.X) - 10, q.Y), new Vector2(5, 7), 0.8f);
        surface = surface.Under(new Surface(Gold, Lacquer + 0.4f, 0.45f), Coverage(land));
        if (missing)
        {
            return surface.Under(new Surface(Print, Lacquer + 0.2f, 0.05f), Coverage(Box(q, new Vector2(4, 6))));
        }

        var body = Box(q, new Vector2(12.5f, 6.4f), 0.8f);
        var cap = MathF.Abs(q.X) > 7.8f;
        return surface.Under(new Surface(cap ? Tin : Ceramic, Lacquer + (4 * Step(0, 4, -body)), cap ? 0.3f : 0.12f), Coverage(body));
    }

    private static Surface Footprint(Surface surface, Vector2 q)
    {
        surface = surface.Under(new Surface(Print, Lacquer + 0.2f, 0.05f), Coverage(MathF.Abs(Disc(q, 20)) - 0.6f));
        return surface.Under(new Surface(Gold, Lacquer + 0.4f, 0.45f), Coverage(Box(new Vector2(MathF.Abs(q.X) - 10, q.Y), new Vector2(5, 3), 0.8f)));
    }

    private static Surface Capacitor(Surface surface, Vector2 q)
    {
        var radius = q.Length();
        surface = surface.Under(new Surface(Plastic, Lacquer + 2, 0.08f), Coverage(Box(q, new Vector2(20.5f), 5)));
        var top = new Surface(Tin * 1.15f, Lacquer + (9 * Step(19, 14, radius)), 0.5f);
        surface = surface.Under(top, Coverage(radius - 18));
        var mark = MathF.Max(radius - 15.5f, q.X + 8);
        return surface.Under(new Surface(Plastic, top.Height, 0.1f), Coverage(mark));
    }

    private static Vector2 HeaderPad(int index) => new((18 * index) - 90, 92);

    // From the big chip's lower legs down to the header, from its upper legs to the small parts, and around.
    private static IEnumerable<(Vector2, Vector2)> Route()
    {
        for (var i = 0; i < 9; i++)
        {
            var leg = new Vector2(-71 + (7.25f * i), 36);
            var bend = new Vector2(leg.X, 46 + (2.2f * Math.Abs(i - 2)));
            var down = new Vector2(HeaderPad(i).X, bend.Y + (MathF.Abs(HeaderPad(i).X - leg.X) * 0.5f));
            yield return (leg, bend);
            yield return (bend, down);
            yield return (down, HeaderPad(i));
        }

        for (var i = 0; i < 4; i++)
        {
            var land = Passives[i] + new Vector2(10, 0);
            yield return (land, new Vector2(-94 + (5 * i), land.Y));
            yield return (new Vector2(-94 + (5 * i), land.Y), new Vector2(-71 + (7.25f * i), -48));
        }

        for (var i = 0; i < 5; i++)
        {
            var leg = new Vector2(-13 - (7.25f * i), -48);
            yield return (leg, new Vector2(leg.X + 22, -100 + (5 * i)));
            yield return (new Vector2(leg.X + 22, -100 + (5 * i)), new Vector2(64, -100 + (5 * i)));
            yield return (new Vector2(42 + (8 * i), 48), new Vector2(42 + (8 * i), 60 + (4.5f * i)));
            yield return (new Vector2(42 + (8 * i), 60 + (4.5f * i)), new Vector2(120, 60 + (4.5f * i)));
        }

        yield return (Passives[6] + new Vector2(-10, 0), new Vector2(82, 6));
        yield return (Passives[7] + new Vector2(10, 0), new Vector2(130, 22));
        yield return (new Vector2(130, 22), new Vector2(130, -50));
        yield return (new Vector2(130, -50), new Vector2(90, -50));
    }

    private readonly record struct Chip(Vector2 Centre, Vector2 Half, int Pins)
    {
        public bool Near(Vector2 p) => MathF.Abs(p.X - Centre.X) < Half.X + 3 && MathF.Abs(p.Y - Centre.Y) < Half.Y + 11;
    }
}
