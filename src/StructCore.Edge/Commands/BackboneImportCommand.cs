using System.CommandLine;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary><c>backbone import</c>: DINOv2 weights to a backbone.</summary>
internal static class BackboneImportCommand
{
    public static Command Create()
    {
        var weights = new Option<string>("--weights") { HelpName = "FILE", Description = "model.safetensors of DINOv2 S, B or L, with or without registers, as facebook/dinov2-base has it", Required = true };
        var heads = new Option<int?>("--heads") { HelpName = "N", Description = "Attention heads [default: as config.json beside the weights says, or else width / 64]" };
        var target = BackboneOutput.CreateOption();
        var command = new Command("import", """
            Import DINOv2 weights as a backbone.

            Example:
              structcore backbone import --weights model.safetensors --out models/dinov2-base.onnx
            """) { weights, target, heads };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(target);
            var manifest = DinoV2Importer.Import(parsed.GetRequiredValue(weights), path, new DinoV2ImportOptions { Heads = parsed.GetValue(heads) });
            BackboneOutput.Report(path, manifest, parsed.InvocationConfiguration.Output);
            return CommandLineRunner.Done;
        });
        return command;
    }
}
