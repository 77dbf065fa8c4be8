using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Commands;

namespace StructCore.Tests.Commands;

/// <summary>Runs the verbs of bank updates in a folder that goes away, with two keys and a trust file that trusts them.</summary>
internal sealed class UpdateCommands : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public string Root => Folder["root"];

    public string Line => Folder["line"];

    public string TrustFile => Folder["trust.json"];

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public void Dispose() => Folder.Dispose();

    public async Task<int> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLineRunner.RunAsync(arguments, output, error);
        (Output, Error) = (output.ToString(), error.ToString());
        return code;
    }

    /// <summary>Makes the root's and the line's key and a trust document.</summary>
    public async Task<UpdateCommands> WithTrustAsync()
    {
        await DoAsync("keys", "create", "--out", Root);
        await DoAsync("keys", "create", "--out", Line);
        await DoAsync("trust", "create", "--trust-key", Public(Root), "--bank-key", Public(Line), "--key", Private(Root), "--out", TrustFile);
        return this;
    }

    public async Task DoAsync(params string[] arguments) => Assert.True(await RunAsync(arguments) == CommandLineRunner.Done, Error);

    public static string Private(string name) => name + KeyFile.PrivateExtension;

    public static string Public(string name) => name + KeyFile.PublicExtension;

    public static string Id(string name) => PublicKey.Load(Public(name)).Id;
}
