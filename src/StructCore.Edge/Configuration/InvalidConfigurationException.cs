namespace StructCore.Edge.Configuration;

/// <summary>A configuration the agent cannot start with. The message lists every error with its full path.</summary>
internal sealed class InvalidConfigurationException(string source, IReadOnlyList<string> errors)
    : Exception($"The configuration '{source}' has {errors.Count} {(errors.Count == 1 ? "error" : "errors")}:{string.Concat(errors.Select(e => $"{Environment.NewLine}  {e}"))}")
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
