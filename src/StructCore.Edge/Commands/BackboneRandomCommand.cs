using System.CommandLine;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary><c>backbone random</c>: a DINOv2 with random weights, to measure speed and memory without the real one.</summary>
internal static class BackboneRandomCommand
{
    public static Command Create()
    {
        var size = ChoiceOption.Create("--size", "Which model it is as large as", DinoV2Size.Base);
        var seed = new Option<ulong>("--seed") { HelpName = "N", Description = "Of the random generator; the same seed gives the same backbone everywhere", DefaultValueFactory = _ => 1 };
        var weights = new Option<string?>("--weights") { HelpName = "FILE", Description = "Keep the weights as model.safetensors too" };
        var target = BackboneOutput.CreateOption();
        target.Validators.Add(result =>
        {
            // Without a name to tell it by, a verb might take it for the best backbone there is.
            if (result.GetValueOrDefault<string>() is { } path && !Path.GetFileName(path).StartsWith(BackboneFolders.RandomPrefix, StringComparison.Ordinal))
            {
                result.AddError($"--out is '{path}', expected a file name that begins with '{BackboneFolders.RandomPrefix}': no verb takes such a backbone of itself.");
            }
        });
        var command = new Command("random", """
            Make a DINOv2 of the real size with random weights: it takes a real one's time and memory, and sees nothing.

            Example:
              structcore backbone random --size base --out models/random-vit-b14.onnx && structcore bench --backbone random-vit-b14
            """) { target, size, seed, weights };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(target);
            var file = parsed.GetValue(weights) ?? Path.ChangeExtension(path, ".safetensors");
            DinoV2RandomWeights.Write(file, ChoiceOption.Parse<DinoV2Size>(parsed.GetRequiredValue(size)), parsed.GetValue(seed));
            try
            {
                var manifest = DinoV2Importer.Import(file, path, new DinoV2ImportOptions { Source = $"random weights, seed {parsed.GetValue(seed)}" });
                BackboneOutput.Report(path, manifest, parsed.InvocationConfiguration.Output);
            }
            finally
            {
                if (parsed.GetValue(weights) is null)
                {
                    File.Delete(file);
                }
            }

            return CommandLineRunner.Done;
        });
        return command;
    }
}
