using System.Globalization;
using System.Text;

namespace StructCore.Benchmarks.Growth;

/// <summary>The points as one SVG of six small plots, logarithmic both ways: time above, memory below.</summary>
internal static class GrowthPlot
{
    private const double PlotWidth = 206;
    private const double PlotHeight = 132;
    private const double Left = 62;
    private const double Top = 40;
    private const double Across = 274;
    private const double Down = 204;
    private const double Width = 840;
    private const double Height = 412;

    // Halfway between a light background and a dark one: legible on both, whatever a viewer makes of style sheets.
    private const string Style = """
        <style>
        .text { fill: #758390 } .grid { stroke: #8b949e; stroke-opacity: 0.35 } .fit { stroke: #2f81f7; fill: #2f81f7 } .score { stroke: #db6d28; fill: #db6d28 }
        polyline.fit, polyline.score { fill: none; stroke-width: 2 } .label { stroke: none }
        </style>
        """;

    private static readonly (string Axis, string Title)[] Axes = [("images", "good images"), ("rows", "rows of a bank"), ("categories", "categories")];

    public static string Draw(GrowthReport report)
    {
        var svg = new StringBuilder();
        svg.Append(Invariant($"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}" font-family="Helvetica, Arial, sans-serif" font-size="12">
            <title>Time and memory of fit and score against images, bank rows and categories</title>
            {Style}
            <text class="text" x="{Left - 46}" y="18">time</text><text class="fit label" x="{Left - 4}" y="18">fit, whole</text><text class="score label" x="{Left + 62}" y="18">score, one image</text>
            <text class="text" x="{Left - 46}" y="{Down + 18}">peak memory of the process</text>

            """));
        foreach (var (column, (axis, title)) in Axes.Where(a => report.Points.Any(p => p.Axis == a.Axis)).Index())
        {
            var points = report.Points.Where(p => p.Axis == axis).ToArray();
            Panel(svg, column, 0, title, points, p => p.Milliseconds, report.Points.Select(p => p.Milliseconds), Time);
            Panel(svg, column, 1, title, points, p => p.PeakMegabytes, report.Points.Select(p => p.PeakMegabytes), Memory);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, int column, int row, string title, GrowthPoint[] points, Func<GrowthPoint, double> value, IEnumerable<double> all, Func<double, string> label)
    {
        var (left, bottom) = (Left + (column * Across), Top + (row * Down) + PlotHeight - 8);
        var across = new LogarithmicAxis(points.Min(p => p.Size), points.Max(p => p.Size), left, left + PlotWidth);
        var up = LogarithmicAxis.OfDecades(all, bottom, bottom - PlotHeight);
        foreach (var tick in up.Decades)
        {
            svg.Append(Invariant($"""<line class="grid" x1="{left:F1}" x2="{left + PlotWidth:F1}" y1="{up.Pixel(tick):F1}" y2="{up.Pixel(tick):F1}"/><text class="text" x="{left - 6:F1}" y="{up.Pixel(tick) + 4:F1}" text-anchor="end">{label(tick)}</text>""")).Append('\n');
        }

        foreach (var size in points.Select(p => p.Size).Distinct())
        {
            svg.Append(Invariant($"""<text class="text" x="{across.Pixel(size):F1}" y="{bottom + 17:F1}" text-anchor="middle">{Count(size)}</text>""")).Append('\n');
        }

        svg.Append(Invariant($"""<text class="text" x="{left + (PlotWidth / 2):F1}" y="{bottom + 33:F1}" text-anchor="middle">{title}</text>""")).Append('\n');
        foreach (var line in points.GroupBy(p => p.Work))
        {
            string[] places = [.. line.OrderBy(p => p.Size).Select(p => Invariant($"{across.Pixel(p.Size):F1},{up.Pixel(value(p)):F1}"))];
            svg.Append(Invariant($"""<polyline class="{line.Key}" points="{string.Join(' ', places)}"/>""")).Append('\n');
            foreach (var place in places.Select(p => p.Split(',')))
            {
                svg.Append(Invariant($"""<circle class="{line.Key}" cx="{place[0]}" cy="{place[1]}" r="2.5"/>""")).Append('\n');
            }
        }
    }

    private static string Time(double milliseconds) => milliseconds >= 1000 ? Invariant($"{milliseconds / 1000:0.###} s") : Invariant($"{milliseconds:0.###} ms");

    private static string Memory(double megabytes) => megabytes >= 1000 ? Invariant($"{megabytes / 1000:0.###} GB") : Invariant($"{megabytes:0.###} MB");

    private static string Count(int size) => size >= 1000 ? Invariant($"{size / 1000}k") : Invariant($"{size}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
