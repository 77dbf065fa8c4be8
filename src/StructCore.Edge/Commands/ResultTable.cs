using System.Globalization;
using Spectre.Console;

namespace StructCore.Edge.Commands;

/// <summary>Tables for a person, as wide as they need where the output is no terminal.</summary>
internal static class ResultTable
{
    private const int RedirectedWidth = 200;

    /// <summary>A table whose first columns are words and whose last <paramref name="numbers"/> columns are numbers.</summary>
    public static Table Create(int numbers, params IReadOnlyList<string> columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (var i = 0; i < columns.Count; i++)
        {
            table.AddColumn(new TableColumn(Markup.Escape(columns[i])) { NoWrap = true, Alignment = i < columns.Count - numbers ? Justify.Left : Justify.Right });
        }

        return table;
    }

    public static void Add(this Table table, params IReadOnlyList<string> cells) => table.AddRow([.. cells.Select(Markup.Escape)]);

    public static void Write(string title, Table table, TextWriter output)
    {
        var redirected = output != Console.Out || Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect });
        console.Profile.Width = redirected ? RedirectedWidth : console.Profile.Width;
        output.WriteLine(title);
        console.Write(table);
    }

    /// <summary>A fraction of 1 in percent; a dash where it could not be measured.</summary>
    public static string Percent(double? fraction) => fraction is { } f ? (100 * f).ToString("F2", CultureInfo.InvariantCulture) : "-";

    public static string Number(double? value) => value is { } v ? v.ToString("G5", CultureInfo.InvariantCulture) : "-";
}
