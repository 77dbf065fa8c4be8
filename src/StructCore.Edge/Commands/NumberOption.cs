using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace StructCore.Edge.Commands;

/// <summary>Options that take a number of a range.</summary>
internal static class NumberOption
{
    /// <summary>Above 0 up to 1.</summary>
    public static Option<double> Share(string name, string unit, string description, double standard) => new(name)
    {
        HelpName = unit,
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = r => Parse(r, v => v is > 0 and <= 1, $"{name} must lie above 0 and be at most 1.") ?? standard,
    };

    /// <summary>0 up to 1.</summary>
    public static Option<double> ShareOrNone(string name, string unit, string description, double standard) => new(name)
    {
        HelpName = unit,
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = r => Parse(r, v => v is >= 0 and <= 1, $"{name} must lie between 0 and 1.") ?? standard,
    };

    /// <summary>0 up to 1; may be left out.</summary>
    public static Option<double?> ShareOrNone(string name, string unit, string description) => new(name)
    {
        HelpName = unit,
        Description = description,
        CustomParser = r => Parse(r, v => v is >= 0 and <= 1, $"{name} must lie between 0 and 1."),
    };

    /// <summary>Above 0 up to 1; may be left out.</summary>
    public static Option<double?> Share(string name, string unit, string description) => new(name)
    {
        HelpName = unit,
        Description = description,
        CustomParser = r => Parse(r, v => v is > 0 and <= 1, $"{name} must lie above 0 and be at most 1."),
    };

    /// <summary>Above 0.</summary>
    public static Option<float> Positive(string name, string unit, string description, float? standard = null) => new(name)
    {
        HelpName = unit,
        Description = description,
        DefaultValueFactory = standard is { } value ? _ => value : null,
        CustomParser = r => (float)(Parse(r, v => (float)v is > 0 and < float.PositiveInfinity, $"{name} takes a number above 0.") ?? 1),
    };

    /// <summary>0 or more; may be left out.</summary>
    public static Option<float?> NotNegative(string name, string unit, string description) => new(name)
    {
        HelpName = unit,
        Description = description,
        CustomParser = r => (float?)Parse(r, v => (float)v is >= 0 and < float.PositiveInfinity, $"{name} takes a number of 0 or more."),
    };

    /// <summary>A whole number of a range, both ends included.</summary>
    public static Option<int> Whole(string name, string unit, string description, int standard, int least, int most) => new(name)
    {
        HelpName = unit,
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = r => (int?)Parse(r, v => v == Math.Floor(v) && v >= least && v <= most, $"{name} must be {least} to {most}.") ?? standard,
    };

    private static double? Parse(ArgumentResult result, Func<double, bool> holds, string rule)
    {
        if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && holds(number))
        {
            return number;
        }

        result.AddError(rule);
        return null;
    }
}
