namespace StructCore.Edge.Telemetry;

/// <summary>The code a reason begins with: <c>camera_failed</c> of <c>camera_failed: no signal</c>.</summary>
internal static class ReasonCode
{
    public const string Other = "other";
    private const int MaxLength = 40;

    /// <summary><see cref="Other"/> where what stands before the colon is no code.</summary>
    public static string Of(string reason)
    {
        var end = reason.IndexOf(':', StringComparison.Ordinal);
        var code = end < 0 ? reason : reason[..end];
        return code.Length is > 0 and <= MaxLength && code.All(c => c is '_' or (>= 'a' and <= 'z')) ? code : Other;
    }
}
