using System.CommandLine;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary><c>backbone resnet</c>: an exported residual network to a backbone.</summary>
internal static class BackboneResnetCommand
{
    public static Command Create()
    {
        var onnx = new Option<string>("--onnx") { HelpName = "FILE", Description = "The exported network: one image in, outputs named layer2 and layer3", Required = true };
        var target = BackboneOutput.CreateOption();
        var command = new Command("resnet", """
            Wrap a residual network, exported to ONNX, as a backbone.

            Example:
              structcore backbone resnet --onnx resnet18.onnx --out models/resnet18.onnx
            """) { onnx, target };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(target);
            var manifest = ResNetImporter.Import(parsed.GetRequiredValue(onnx), path);
            BackboneOutput.Report(path, manifest, parsed.InvocationConfiguration.Output);
            return CommandLineRunner.Done;
        });
        return command;
    }
}
