using System.CommandLine;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary><c>backbone list</c>: what is there, and which one is taken where none is named.</summary>
internal static class BackboneListCommand
{
    public static Command Create()
    {
        var models = ModelFolders.CreateOption();
        var command = new Command("list", """
            List the backbones that are there; * marks the one taken where none is named.

            Example:
              structcore backbone list
            """) { models };
        command.SetAction(parsed => List(ModelFolders.Open(parsed.GetValue(models)), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int List(BackboneFolders folders, TextWriter output)
    {
        var chosen = folders.Find();
        var sound = true;
        foreach (var path in folders.List())
        {
            output.WriteLine($"{(path == chosen ? '*' : ' ')} {Path.GetFileNameWithoutExtension(path),-24} {Describe(path, ref sound)}");
        }

        return sound ? CommandLineRunner.Done : CommandLineRunner.Failed;
    }

    private static string Describe(string path, ref bool sound)
    {
        try
        {
            var manifest = BackboneManifestFile.Read(path);
            return $"{manifest.Family,-7} {manifest.Crop} x {manifest.Crop}, {manifest.Width,5} wide  {path}";
        }
        catch (InvalidBackboneException e)
        {
            sound = false;
            return $"unusable: {e.Message}";
        }
    }
}
