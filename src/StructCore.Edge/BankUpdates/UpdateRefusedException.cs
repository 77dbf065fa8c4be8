using System.Text.Json;

namespace StructCore.Edge.BankUpdates;

/// <summary>An update that is not taken; what decided before goes on deciding. The message says what was found, what was expected, and what to do.</summary>
internal sealed class UpdateRefusedException(UpdateRefusal refusal, string message, Exception? inner = null) : Exception(message, inner)
{
    public UpdateRefusal Refusal => refusal;

    /// <summary>Code and text, as on <c>update/state</c>: <c>wrong_key: …</c>.</summary>
    public string Reason => $"{Code(refusal)}: {Message}";

    public static string Code(UpdateRefusal refusal) => JsonNamingPolicy.SnakeCaseLower.ConvertName(refusal.ToString());
}
