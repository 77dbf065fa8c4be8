namespace StructCore.Vision.Scoring;

/// <summary>The colours of a heat map: 0 is transparent, then blue, one half (the level that counts as defective) green, 1 dark red.</summary>
internal static class HeatRamp
{
    /// <summary>Steps of the ramp.</summary>
    public const int Steps = 512;

    private const float Opacity = 0.6f;
    private const float Visible = 0.15f;

    private static readonly (float At, byte R, byte G, byte B)[] Points =
    [
        (0.00f, 38, 28, 92), (0.20f, 46, 98, 214), (0.38f, 34, 178, 210), (0.50f, 70, 208, 128),
        (0.62f, 206, 220, 58), (0.76f, 250, 164, 42), (0.90f, 226, 70, 24), (1.00f, 132, 10, 10),
    ];

    private static readonly (float R, float G, float B, float Alpha)[] Ramp = [.. Enumerable.Range(0, Steps).Select(i => At(i / (Steps - 1f)))];

    /// <summary>Blends the colour of <paramref name="heat"/>, 0 to 1, over three bytes of RGB.</summary>
    public static void Blend(float heat, ReadOnlySpan<byte> pixel, Span<byte> blended)
    {
        var (r, g, b, alpha) = Ramp[(int)((heat * (Steps - 1)) + 0.5f)];
        blended[0] = (byte)(pixel[0] + ((r - pixel[0]) * alpha) + 0.5f);
        blended[1] = (byte)(pixel[1] + ((g - pixel[1]) * alpha) + 0.5f);
        blended[2] = (byte)(pixel[2] + ((b - pixel[2]) * alpha) + 0.5f);
    }

    private static (float R, float G, float B, float Alpha) At(float heat)
    {
        var next = Math.Max(1, Array.FindIndex(Points, p => p.At >= heat));
        var (low, high) = (Points[next - 1], Points[next]);
        var share = (heat - low.At) / (high.At - low.At);
        var rise = Math.Clamp((heat - Visible) / (0.5f - Visible), 0, 1);
        return (float.Lerp(low.R, high.R, share), float.Lerp(low.G, high.G, share), float.Lerp(low.B, high.B, share), Opacity * rise * rise * (3 - (2 * rise)));
    }
}
