using System.Text.RegularExpressions;

namespace StructCore.Edge.Configuration;

/// <summary>User names and passwords inside other values: <c>rtsp://user:password@camera/stream</c>.</summary>
internal static partial class Credentials
{
    /// <summary>Whether there plainly is a password.</summary>
    public static bool AreIn(string value) => Password().IsMatch(value);

    /// <summary>The value as messages may show it. Takes away too much rather than too little.</summary>
    public static string Mask(string value) => Property().Replace(UserInfo().Replace(value, "$1"), "$1***");

    [GeneratedRegex(@"://[^\s/@]*:[^\s/]+@|\b(?:user-pw|password|passwd|pwd)\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Password();

    // To the last @, since a password may hold one; and a slash, where what stands before it is no port.
    [GeneratedRegex(@"(://|^(?=[^\s/]*:[^\s/]))(?:[^\s/]*@|[^\s/@:]*:(?!\d{1,5}/)\S*@)")]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"(\b(?:user-id|user-pw|password|passwd|pwd)\s*=\s*)(?:""[^""]*""|\S+)", RegexOptions.IgnoreCase)]
    private static partial Regex Property();
}
