using System.CommandLine;
using System.Globalization;

namespace StructCore.Edge.Commands;

/// <summary>How long something signed counts: <c>365d</c>, <c>12h</c>, <c>30m</c>. Kept as text, so that help shows the default as it is written.</summary>
internal sealed class LifeOption : Option<string>
{
    private const double LongestDays = 36_500;

    public LifeOption(string name, string standard, string description)
        : base(name)
    {
        HelpName = "TIME";
        Description = $"{description}, such as 365d, 12h or 30m";
        DefaultValueFactory = _ => standard;
        Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (Parse(text) is null)
            {
                result.AddError($"{name} is '{text}', expected a whole number above 0 with d, h or m, such as 365d.");
            }
        });
    }

    public TimeSpan Read(ParseResult parsed) => Parse(parsed.GetRequiredValue(this))!.Value;

    private static TimeSpan? Parse(string? text)
    {
        double? minutes = text is [.., var unit] && int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? unit switch { 'd' => number * 24d * 60, 'h' => number * 60d, 'm' => number, _ => null }
            : null;
        return minutes <= LongestDays * 24 * 60 ? TimeSpan.FromMinutes(minutes.Value) : null;
    }
}
