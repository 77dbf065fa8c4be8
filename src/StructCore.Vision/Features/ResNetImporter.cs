using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.Onnx;

namespace StructCore.Vision.Features;

/// <summary>Wraps a residual network, exported to ONNX with the outputs <c>layer2</c> and <c>layer3</c>, as a backbone (SPEC 2b).</summary>
public static class ResNetImporter
{
    private const int Resize = 256;
    private const int Crop = 224;
    private const int Grid = 28;

    /// <summary>The oldest operator set in which Resize has the inputs used here.</summary>
    private const long OldestOperatorSet = 11;

    /// <summary>
    /// Appends SPEC 2b to the network in <paramref name="networkPath"/> and writes it as <paramref name="onnxPath"/> with its sidecar: per layer a 3x3 mean,
    /// layer3 bilinear to 28x28, side by side as <c>features</c> [N, 784, d2+d3]; <c>cls</c> [N, d3] is the spatial mean of layer3.
    /// What only led to other outputs is dropped. Both files may be the same.
    /// </summary>
    /// <param name="networkPath">One float input [N, 3, H, W], ImageNet-normalised; for 224x224 pixels layer2 is [N, d2, 28, 28] and layer3 [N, d3, 14, 14].</param>
    /// <param name="onnxPath">The backbone to write.</param>
    /// <param name="source">Where the network came from, for the sidecar; null takes its file name.</param>
    /// <returns>The sidecar as written.</returns>
    /// <exception cref="InvalidBackboneException">No ONNX file, an output is missing, or a shape is another; nothing is written.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static BackboneManifest Import(string networkPath, string onnxPath, string? source = null)
    {
        var model = OnnxModelFile.Read(networkPath);
        var input = CheckInterface(networkPath, model);
        var (width2, width3) = MeasureWidths(networkPath, input);
        var sourceHash = OnnxModelFile.Hash(networkPath);

        // Constants need not be listed as inputs since version 4 of the format, and new ones are not.
        model.IrVersion = Math.Max(model.IrVersion, 4);
        model.Graph.Output.Clear();
        var (features, classOutput) = AppendFuse(new GraphBuilder(model), width2, width3);
        GraphPruner.Prune(model.Graph);

        var manifest = new BackboneManifest
        {
            Name = Path.GetFileNameWithoutExtension(onnxPath),
            Family = "resnet",
            Resize = Resize,
            Crop = Crop,
            Mean = [0.485f, 0.456f, 0.406f],
            Std = [0.229f, 0.224f, 0.225f],
            Input = input,
            Output = features,
            ClassOutput = classOutput,
            Layers = ["layer2", "layer3"],
            Fuse = "mean3x3-concatenate",
            Grid = Grid,
            Width = width2 + width3,
            Source = source ?? Path.GetFileName(networkPath),
            SourceSha256 = sourceHash,
            Sha256 = OnnxModelFile.Write(model, onnxPath),
        };
        BackboneManifestFile.Write(onnxPath, manifest);
        return manifest;
    }

    private static (string Features, string ClassOutput) AppendFuse(GraphBuilder graph, int width2, int width3)
    {
        var layer3 = graph.Existing("layer3");
        var fused = graph.Existing("layer2").Mean3x3().Concat(axis: 1, layer3.Mean3x3().UpsampleTwice());
        var features = graph.Output("features", fused.Reshape(0, width2 + width3, Grid * Grid).Transpose(0, 2, 1), "N", Grid * Grid, width2 + width3);
        var spatialMean = graph.Node("GlobalAveragePool", [layer3]).Reshape(0, width3);
        return (features, graph.Output("cls", spatialMean, "N", width3));
    }

    /// <summary>Checks what the file itself says.</summary>
    /// <returns>Name of the input.</returns>
    private static string CheckInterface(string path, ModelProto model)
    {
        var outputs = model.Graph.Output.Select(o => o.Name).ToArray();
        foreach (var layer in (string[])["layer2", "layer3"])
        {
            if (!outputs.Contains(layer))
            {
                throw new InvalidBackboneException($"Network '{path}' has no output '{layer}'; it has {string.Join(", ", outputs)}. Export it with the outputs of its second and third stage, named layer2 and layer3.");
            }
        }

        var version = model.OpsetImport.FirstOrDefault(o => o.Domain is "" or "ai.onnx")?.Version ?? 0;
        if (version < OldestOperatorSet)
        {
            throw new InvalidBackboneException($"Network '{path}' uses operator set {version}, expected {OldestOperatorSet} or newer. Export it again with opset_version={OldestOperatorSet} or above.");
        }

        var constants = model.Graph.Initializer.Select(i => i.Name).ToHashSet();
        var inputs = model.Graph.Input.Select(i => i.Name).Where(i => !constants.Contains(i)).ToArray();
        return inputs.Length == 1
            ? inputs[0]
            : throw new InvalidBackboneException($"Network '{path}' has {inputs.Length} inputs ({string.Join(", ", inputs)}), expected one image. Export it again.");
    }

    /// <summary>Runs the network once: shapes in the file are often left open.</summary>
    private static (int Layer2, int Layer3) MeasureWidths(string path, string input)
    {
        using var session = OnnxSession.Open(path, new ExtractorOptions());
        using var run = new RunOptions();
        using var pixels = OrtValue.CreateTensorValueFromMemory(new float[3 * Crop * Crop], [1, 3, Crop, Crop]);
        IDisposableReadOnlyCollection<OrtValue> layers;
        try
        {
            layers = session.Run(run, [input], [pixels], ["layer2", "layer3"]);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidBackboneException($"Network '{path}' does not take an image [1, 3, {Crop}, {Crop}]: {e.Message} Export it with a free height and width.", e);
        }

        using (layers)
        {
            return (WidthOf(path, "layer2", layers[0], Grid), WidthOf(path, "layer3", layers[1], Grid / 2));
        }
    }

    private static int WidthOf(string path, string layer, OrtValue value, int side)
    {
        var shape = value.GetTensorTypeAndShape().Shape;
        return shape is [1, var width, var height, var columns] && height == side && columns == side
            ? (int)width
            : throw new InvalidBackboneException($"Network '{path}': for an image of {Crop} x {Crop}, '{layer}' is [{string.Join(", ", shape)}], expected [1, d, {side}, {side}]. Export the stage with that stride as '{layer}'.");
    }
}
