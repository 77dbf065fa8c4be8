using System.Text.RegularExpressions;

namespace StructCore.Vision.Fitting;

/// <summary>What a product may be called: its name stands in file names and MQTT topics.</summary>
public static partial class CategoryName
{
    /// <summary>1 to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit.</summary>
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    /// <summary>Returns <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">Not a valid name; the message says what is.</exception>
    public static string Require(string name) => IsValid(name)
        ? name
        : throw new ArgumentException($"'{name}' cannot name a category: use 1 to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit.", nameof(name));

    [GeneratedRegex(@"\A[\p{L}\p{Nd}][\p{L}\p{Nd}._-]{0,63}\z")]
    private static partial Regex Pattern();
}
