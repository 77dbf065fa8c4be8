using System.CommandLine;
using System.Globalization;

namespace StructCore.Edge.Commands;

/// <summary>How long something signed counts: <c>365d</c>, <c>12h</c>, <c>30m</c>.</summary>
internal static class LifeOption
{
    private const double LongestDays = 36_500;

    public static Option<TimeSpan> Create(string name, string standard, string description) => new(name)
    {
        HelpName = "TIME",
        Description = $"{description}, such as 365d, 12h or 30m [default: {standard}]",
        DefaultValueFactory = _ => Parse(standard)!.Value,
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (Parse(text) is { } life)
            {
                return life;
            }

            result.AddError($"{name} is '{text}', expected a whole number above 0 with d, h or m, such as 365d.");
            return default;
        },
    };

    private static TimeSpan? Parse(string text)
    {
        double? minutes = text is [.., var unit] && int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? unit switch { 'd' => number * 24d * 60, 'h' => number * 60d, 'm' => number, _ => null }
            : null;
        return minutes <= LongestDays * 24 * 60 ? TimeSpan.FromMinutes(minutes.Value) : null;
    }
}
