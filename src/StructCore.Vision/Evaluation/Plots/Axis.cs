using System.Globalization;

namespace StructCore.Vision.Evaluation.Plots;

/// <summary>One axis of a chart: values from <see cref="Low"/> to <see cref="High"/> on pixels, with ticks at round numbers, or at whole ones only.</summary>
internal sealed record Axis(double Low, double High, float LowPixel, float HighPixel, string Title, bool Whole = false)
{
    private const int MostTicks = 7;

    public float Pixel(double value) => (float)(LowPixel + ((value - Low) / (High - Low) * (HighPixel - LowPixel)));

    /// <summary>Multiples of 1, 2 or 5 times a power of ten.</summary>
    public IReadOnlyList<double> Ticks()
    {
        var step = Step();
        var first = (long)Math.Ceiling((Low / step) - 1e-9);
        var last = (long)Math.Floor((High / step) + 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => (first + i) * step)];
    }

    public string Label(double tick) => Math.Abs(tick) < Step() / 2 ? "0" : tick.ToString("G6", CultureInfo.InvariantCulture);

    private double Step()
    {
        var raw = (High - Low) / MostTicks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = (raw / power) switch { <= 1 => power, <= 2 => 2 * power, <= 5 => 5 * power, _ => 10 * power };
        return Whole ? Math.Max(1, step) : step;
    }
}
