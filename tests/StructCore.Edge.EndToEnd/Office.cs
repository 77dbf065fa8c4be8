using System.Text.RegularExpressions;
using StructCore.Vision.Fitting;

namespace StructCore.Tests;

/// <summary>The vision engineer's folder on another machine than the station's: images, keys, banks, packages, and the verbs to make them.</summary>
internal sealed partial class Office : IDisposable
{
    public const string Category = "flange";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly FittedParts _parts;
    private readonly TemporaryFolder _folder = new();

    private Office(FittedParts parts) => _parts = parts;

    /// <summary>What a station's folder holds before its first update: the banks of the first day, and the trust that was brought by hand.</summary>
    public string FirstDay => this["first-day"];

    public string this[string name] => _folder[name];

    /// <summary>Keys, a trust document that knows them, and the next version of the flange's bank.</summary>
    public static async Task<Office> OpenAsync(FittedParts parts)
    {
        var office = new Office(parts);
        await office.RunAsync("keys", "create", "--out", office["keys/root"]);
        await office.RunAsync("keys", "create", "--out", office["keys/line"]);
        await office.RunAsync("trust", "create", "--trust-key", office["keys/root.pub.pem"], "--bank-key", office["keys/line.pub.pem"], "--key", office["keys/root.key.pem"], "--out", office["trust.json"]);
        foreach (var folder in (string[])[office["banks"], Path.Combine(office.FirstDay, "banks")])
        {
            Directory.CreateDirectory(folder);
            foreach (var bank in Directory.GetFiles(parts.Banks))
            {
                File.Copy(bank, Path.Combine(folder, Path.GetFileName(bank)));
            }
        }

        File.Copy(office["trust.json"], Path.Combine(office.FirstDay, "trust.json"));
        return office;
    }

    /// <summary>Fits the next version and signs it.</summary>
    /// <returns>The package.</returns>
    public async Task<string> ReleaseAsync(int version, double coreset, string key = "line")
    {
        await RunAsync("fit", "--images", _parts.Images, "--category", Category, "--banks", this["banks"], "--frame", "full-frame", "--coreset", coreset.ToString(System.Globalization.CultureInfo.InvariantCulture), "--models", FittedParts.Models);
        return await SignAsync(Category, version, key);
    }

    public async Task<string> SignAsync(string category, int version, string key = "line")
    {
        await RunAsync("bank", "sign", Bank(category, version), "--parity", Path.Combine(_parts.Images, category, "test", "good"), Path.Combine(_parts.Images, category, "test", "stain"), "--key", this[$"keys/{key}.key.pem"], "--out", this["packages"], "--models", FittedParts.Models);
        var package = this[$"packages/{category}-v{version}{BankFile.Extension}"];
        await RunAsync("bank", "verify", package, "--trust", this["trust.json"]);
        return package;
    }

    /// <summary>A folder with one good part of a product.</summary>
    public string Camera(string category)
    {
        var folder = Directory.CreateDirectory(this["camera"]).FullName;
        File.Copy(Path.Combine(_parts.Sure, $"{category}-good.png"), Path.Combine(folder, "part.png"));
        return folder;
    }

    public string Bank(string category, int version) => this[$"banks/{category}-v{version}{BankFile.Extension}"];

    public async Task<string> KeyIdAsync(string key) => KeyId().Match(await RunAsync("keys", "show", this[$"keys/{key}.pub.pem"])).Value;

    /// <summary>Runs a verb that must succeed; what it printed.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        await using var process = Structcore.Start(arguments);
        var code = await process.WaitAsync(Patience);
        Assert.True(code == 0, $"structcore {string.Join(' ', arguments)} ended with {code}:\n{process.Output}\n{process.Error}");
        return process.Output;
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex KeyId();
}
