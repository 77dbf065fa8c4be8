using System.CommandLine;
using System.Text.Json;

namespace StructCore.Edge.Commands;

/// <summary>Options that take one value of an enumeration, spelled as in JSON files: <c>leave-one-out</c>.</summary>
internal static class ChoiceOption
{
    public static Option<string> Create<T>(string name, string description, T standard)
        where T : struct, Enum
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => Name(standard) };
        option.AcceptOnlyFromAmong(Names<T>());
        return option;
    }

    public static string[] Names<T>()
        where T : struct, Enum => Array.ConvertAll(Enum.GetValues<T>(), Name);

    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    public static T Parse<T>(string name)
        where T : struct, Enum => Enum.GetValues<T>().Single(v => Name(v) == name);
}
