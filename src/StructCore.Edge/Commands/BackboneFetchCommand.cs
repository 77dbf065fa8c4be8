using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using StructCore.Edge.Downloads;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary><c>backbone fetch</c>: downloads DINOv2 weights and imports them.</summary>
internal static class BackboneFetchCommand
{
    /// <summary>Above any file that can be imported.</summary>
    private const long LargestBytes = 4L << 30;

    private static readonly string[] Known = ["dinov2-small", "dinov2-base", "dinov2-large"];

    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = $"{string.Join(", ", Known)}, or the address of a model.safetensors" };
        var target = BackboneOutput.Checked(new Option<string?>("--out") { HelpName = "FILE", Description = "The backbone to write [default: models/NAME.onnx; needed with an address]" });
        var sha256 = new Option<string?>("--sha256") { HelpName = "HEX", Description = "SHA-256 the weights must have" };
        var heads = new Option<int?>("--heads") { HelpName = "N", Description = "Attention heads [default: as config.json beside the weights says, or else width / 64]" };
        var models = ModelFolders.CreateOption();
        var command = new Command("fetch", """
            Download DINOv2 weights (model.safetensors) and import them. A download that broke off is taken up again.

            Examples:
              structcore backbone fetch dinov2-base
              structcore backbone fetch https://host/dinov2/model.safetensors --out models/ours.onnx --sha256 0123…
            """) { model, target, sha256, heads, models };
        command.Validators.Add(result => Validate(result, model, target, sha256));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(model);
            var request = new Request(
                AddressOf(name),
                parsed.GetValue(target) ?? ModelFolders.PathFor(name, parsed.GetValue(models)),
                parsed.GetValue(sha256)?.ToLowerInvariant(),
                parsed.GetValue(heads));
            await FetchAsync(request, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellationToken);
            return CommandLineRunner.Done;
        });
        return command;
    }

    private static void Validate(CommandResult result, Argument<string> model, Option<string?> target, Option<string?> sha256)
    {
        var name = result.GetValue(model) ?? "";
        if (!Known.Contains(name))
        {
            if (!Uri.TryCreate(name, UriKind.Absolute, out var address) || !HttpDownload.IsAllowed(address))
            {
                result.AddError($"'{name}' is not a model to fetch, expected {string.Join(", ", Known)} or an https address (plain http only on this machine).");
            }
            else if (result.GetValue(target) is null)
            {
                result.AddError("An address needs --out models/NAME.onnx: banks name their backbone by it.");
            }
        }

        if (result.GetValue(sha256) is { } hash && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
        {
            result.AddError($"--sha256 is '{hash}', expected 64 hex digits.");
        }
    }

    private static Uri AddressOf(string model) => new(Known.Contains(model) ? $"https://huggingface.co/facebook/{model}/resolve/main/model.safetensors" : model);

    private static async Task FetchAsync(Request request, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        // The weights wait here until they are imported, so that nothing is fetched twice.
        var folder = Directory.CreateDirectory(Path.ChangeExtension(request.Target, ".download")).FullName;
        var weights = Path.Combine(folder, "model.safetensors.part");
        using var download = new WeightsDownload(LargestBytes, stall: TimeSpan.FromSeconds(60));

        error.WriteLine($"Fetching {request.Address}");
        if (!await DownloadProgress.ShowAsync("model.safetensors", error, bar => download.TryFetchAsync(request.Address, weights, bar, cancellationToken)))
        {
            throw new CommandFailedException($"'{request.Address}' does not exist (404). Check the address.");
        }

        await download.TryFetchAsync(new Uri(request.Address, "config.json"), Path.Combine(folder, "config.json"), null, cancellationToken);
        await VerifyAsync(request, weights, output, cancellationToken);

        var manifest = Import(request, weights);
        Directory.Delete(folder, recursive: true);
        BackboneOutput.Report(request.Target, manifest, output);
    }

    private static async Task VerifyAsync(Request request, string weights, TextWriter output, CancellationToken cancellationToken)
    {
        string hash;
        await using (var stream = File.OpenRead(weights))
        {
            hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        }

        output.WriteLine($"SHA-256 of the weights: {hash}");
        if (request.Sha256 is { } expected && hash != expected)
        {
            File.Delete(weights);
            throw new CommandFailedException($"Weights from '{request.Address}' have SHA-256 {hash}, expected {expected}. They were removed; check the address and the hash.");
        }
    }

    private static BackboneManifest Import(Request request, string weights)
    {
        // An address may carry a signature or a password; the sidecar names the place only.
        var source = request.Address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        try
        {
            return DinoV2Importer.Import(weights, request.Target, new DinoV2ImportOptions { Heads = request.Heads, Source = source });
        }
        catch (InvalidBackboneException e)
        {
            throw new CommandFailedException($"{e.Message} The download is '{weights}'; remove it to fetch it anew.", e);
        }
    }

    private sealed record Request(Uri Address, string Target, string? Sha256, int? Heads);
}
