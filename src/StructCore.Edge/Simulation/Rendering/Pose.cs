using System.Numerics;

namespace StructCore.Edge.Simulation.Rendering;

/// <summary>How a part lies under the camera: a little turned and shifted, as a fixture leaves it.</summary>
internal sealed class Pose
{
    private readonly Vector2 _middle;
    private readonly Vector2 _axis;

    public Pose(RandomStream random)
    {
        var (sin, cos) = MathF.SinCos(random.Between(-0.7f, 0.7f) * MathF.PI / 180);
        _axis = new Vector2(cos, sin);
        _middle = new Vector2((ProductRenderer.Side / 2) + random.Between(-1.4f, 1.4f), (ProductRenderer.Side / 2) + random.Between(-1.4f, 1.4f));
    }

    /// <summary>From the frame's pixels to the part's coordinates.</summary>
    public Vector2 ToPart(Vector2 pixel)
    {
        var q = pixel - _middle;
        return new Vector2(Vector2.Dot(q, _axis), (q.Y * _axis.X) - (q.X * _axis.Y));
    }
}
