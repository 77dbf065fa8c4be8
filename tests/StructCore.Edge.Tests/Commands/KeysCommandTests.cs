using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Commands;

namespace StructCore.Tests.Commands;

public sealed class KeysCommandTests : IDisposable
{
    private readonly UpdateCommands _verbs = new();

    private string Name => _verbs.Folder["keys/line"];

    public void Dispose() => _verbs.Dispose();

    [Fact]
    public async Task Create_ThenShow_TellsTheSameIdOfBothFiles()
    {
        await _verbs.DoAsync("keys", "create", "--out", Name);
        Assert.Contains($"id {UpdateCommands.Id(Name)}", _verbs.Output, StringComparison.Ordinal);
        foreach (var file in new[] { UpdateCommands.Private(Name), UpdateCommands.Public(Name) })
        {
            await _verbs.DoAsync("keys", "show", file);
            Assert.Equal($"{file}: P-256, id {UpdateCommands.Id(Name)}{Environment.NewLine}{File.ReadAllText(UpdateCommands.Public(Name))}", _verbs.Output);
        }
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Create_PrivateFile_IsForItsOwnerAlone()
    {
        await _verbs.DoAsync("keys", "create", "--out", Name);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(UpdateCommands.Private(Name)));
    }

    [Fact]
    public async Task Create_WithPassword_EncryptsAndAsksForIt()
    {
        var password = _verbs.Folder["secret.txt"];
        File.WriteAllText(password, "horse battery\n");
        await _verbs.DoAsync("keys", "create", "--out", Name, "--password-file", password);
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", File.ReadAllText(UpdateCommands.Private(Name)), StringComparison.Ordinal);
        await _verbs.DoAsync("keys", "show", UpdateCommands.Private(Name), "--password-file", password);

        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync("keys", "show", UpdateCommands.Private(Name)));
        Assert.Contains("--password-file", _verbs.Error, StringComparison.Ordinal);
        File.WriteAllText(password, "horse");
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync("keys", "show", UpdateCommands.Private(Name), "--password-file", password));
        Assert.DoesNotContain("internal error", _verbs.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_KeyThatIsThere_StaysAsItIs()
    {
        await _verbs.DoAsync("keys", "create", "--out", Name);
        var before = File.ReadAllText(UpdateCommands.Private(Name));
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync("keys", "create", "--out", Name));
        Assert.Contains(UpdateCommands.Private(Name), _verbs.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(UpdateCommands.Private(Name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public async Task Show_NoKey_SaysWhichFileAndHowToMakeOne(string text)
    {
        var file = _verbs.Folder["odd.pem"];
        File.WriteAllText(file, text);
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync("keys", "show", file));
        Assert.Contains($"key '{file}' cannot be read", _verbs.Error, StringComparison.Ordinal);
        Assert.Contains("structcore keys create", _verbs.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AnotherCurve_IsRefused()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP384);
        File.WriteAllText(_verbs.Folder["p384.pem"], key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_verbs.Folder["p384.pub.pem"], key.ExportSubjectPublicKeyInfoPem());
        Assert.Contains("no P-256 key", Assert.Throws<SigningKeyException>(() => SigningKey.Load(_verbs.Folder["p384.pem"])).Message, StringComparison.Ordinal);
        Assert.Contains("no P-256 key", Assert.Throws<SigningKeyException>(() => PublicKey.Load(_verbs.Folder["p384.pub.pem"])).Message, StringComparison.Ordinal);
    }
}
