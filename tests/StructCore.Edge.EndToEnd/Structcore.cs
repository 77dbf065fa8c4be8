namespace StructCore.Tests;

/// <summary>The built executable.</summary>
internal static class Structcore
{
    public static string Executable { get; } = Path.Combine(SharedFiles.Repository, "artifacts", "bin", "StructCore.Edge", "release", "structcore");

    public static ToolProcess Start(params IEnumerable<string> arguments) => new(Executable, arguments);

    /// <summary>Runs one verb to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(params IEnumerable<string> arguments)
    {
        await using var process = Start(arguments);
        var code = await process.WaitAsync();
        return (code, process.Output, process.Error);
    }
}
