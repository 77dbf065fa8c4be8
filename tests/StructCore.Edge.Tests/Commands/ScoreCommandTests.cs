using System.Text.Json;
using StructCore.Edge.Commands;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Commands;

[Collection(nameof(FittedProductsCollection))]
public sealed class ScoreCommandTests(FittedProducts products) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("structcore-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Json => Path.Combine(_folder, "scores.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Score_Images_RoutesAndJudgesEach()
    {
        Assert.Equal(0, await RunAsync("--json", Json, products.Defective("disc"), products.Defective("stripes")));

        var results = Results();
        Assert.Equal(["disc", "stripes"], results.Select(r => r.GetProperty("category").GetString()));
        Assert.All(results, r => Assert.Equal("REJECT", r.GetProperty("verdict").GetString()));
        Assert.All(results, r => Assert.True(r.GetProperty("hybrid").GetSingle() > r.GetProperty("threshold").GetSingle()));
        Assert.Equal(["image", "verdict", "category", "bank", "route", "base", "struct", "hybrid", "threshold", "p_value"], results[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(["disc", "stripes"], results[0].GetProperty("route").EnumerateObject().Select(p => p.Name));
        Assert.Equal("disc-v1", results[0].GetProperty("bank").GetString());
        Assert.Contains("REJECT", _output.ToString());
        Assert.DoesNotContain('\u001b', _output.ToString());
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Score_DamagedImageAmongOthers_IsAnErrorAndTheOthersAreScored()
    {
        var damaged = Path.Combine(_folder, "damaged.png");
        File.WriteAllBytes(damaged, File.ReadAllBytes(products.Good("disc"))[..200]);
        var missing = Path.Combine(_folder, "missing.png");

        Assert.Equal(1, await RunAsync("--json", Json, damaged, missing, products.Defective("disc")));

        var results = Results();
        Assert.Equal(["ERROR", "ERROR", "REJECT"], results.Select(r => r.GetProperty("verdict").GetString()));
        Assert.All(results.Take(2), r => Assert.Equal(["image", "verdict", "error"], r.EnumerateObject().Select(p => p.Name)));
        Assert.Contains(damaged, results[0].GetProperty("error").GetString());
        Assert.Contains($"ERROR {missing}: ", _output.ToString());
    }

    [Fact]
    public async Task Score_OverlayAndMap_AreWrittenUnderTheImagesNames()
    {
        Assert.Equal(0, await RunAsync("--json", Json, "--overlay", Path.Combine(_folder, "o"), "--map", Path.Combine(_folder, "m"), products.Good("disc"), products.Good("stripes")));

        // Both images are called 0.png.
        var overlay = FittedProducts.Codec.Load(Path.Combine(_folder, "o", "0.jpg"));
        Assert.Equal((FittedProducts.Side, FittedProducts.Side), (overlay.Height, overlay.Width));
        Assert.True(File.Exists(Path.Combine(_folder, "o", "0-2.jpg")));
        var map = File.ReadAllBytes(Path.Combine(_folder, "m", "0.npy"));
        var values = new float[224 * 224];
        Buffer.BlockCopy(map, map.Length - (4 * values.Length), values, 0, 4 * values.Length);
        Assert.Equal(Results()[0].GetProperty("base").GetSingle(), values.Max());
        Assert.Equal(Path.Combine(_folder, "m", "0-2.npy"), Results()[1].GetProperty("map").GetString());
    }

    [Fact]
    public async Task Score_NamedCategory_IsTheOnlyOneAsked()
    {
        Assert.Equal(0, await RunAsync("--json", Json, "--category", "stripes", products.Good("disc")));

        var result = Assert.Single(Results());
        Assert.Equal(("stripes", "REJECT"), (result.GetProperty("category").GetString(), result.GetProperty("verdict").GetString()));
        Assert.Equal("stripes", Assert.Single(result.GetProperty("route").EnumerateObject()).Name);
    }

    [Fact]
    public async Task Score_ProductWithoutABank_IsAnErrorUnlessACategoryIsNamed()
    {
        Assert.Equal(1, await RunAsync("--json", Json, products.Good("ring"), products.Good("disc")));

        var results = Results();
        Assert.Equal(["ERROR", "ACCEPT"], results.Select(r => r.GetProperty("verdict").GetString()));
        Assert.Equal(["image", "verdict", "route", "error"], results[0].EnumerateObject().Select(p => p.Name));
        Assert.StartsWith("unknown_product: nearest is 'disc', route distance 0.", results[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains($"ERROR {products.Good("ring")}: unknown_product: nearest is 'disc'", _output.ToString(), StringComparison.Ordinal);

        Assert.Equal(0, await RunAsync("--json", Json, "--category", "disc", products.Good("ring")));
        Assert.Equal("REJECT", Results()[0].GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Score_UnknownCategory_FailsWithWhatThereIs()
    {
        Assert.Equal(1, await RunAsync("--category", "disk", products.Good("disc")));
        Assert.Contains("There are banks of: disc, stripes.", _error.ToString());
    }

    [Fact]
    public async Task Score_NoImage_IsWrongUse()
    {
        Assert.Equal(2, await RunAsync());
        Assert.Contains("See 'structcore score --help'.", _error.ToString());
    }

    [Fact]
    public async Task Score_Help_HasAnExample()
    {
        Assert.Equal(0, await RunAsync("--help"));
        Assert.Contains("structcore score --banks", _output.ToString());
    }

    private Task<int> RunAsync(params string[] arguments) =>
        CommandLineRunner.RunAsync(["score", "--models", FittedProducts.Models, "--banks", products.Banks, .. arguments], _output, _error);

    private JsonElement[] Results()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Json));
        return [.. document.RootElement.GetProperty("images").EnumerateArray().Select(e => e.Clone())];
    }
}
