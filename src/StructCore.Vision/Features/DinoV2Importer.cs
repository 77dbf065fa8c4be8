using StructCore.Vision.Onnx;

namespace StructCore.Vision.Features;

/// <summary>Writes DINOv2 weights (<c>model.safetensors</c>, Hugging Face naming) as an ONNX backbone whose output is already fused and projected (SPEC 2, 3).</summary>
public static class DinoV2Importer
{
    private const int Resize = 448;
    private const int Crop = 392;
    private const int Grid = Crop / DinoV2Weights.Patch;
    private const float Epsilon = 1e-6f;

    /// <summary>Layers that are fused, in order, counted from the end: -1 is the last block's output.</summary>
    private static readonly int[] Selected = [-1, -3, -6, -9, -12];

    /// <summary>
    /// Imports <paramref name="weightsPath"/> as <paramref name="onnxPath"/> and its sidecar. The graph takes <c>pixels</c> [N, 3, 392, 392],
    /// normalised, and gives <c>features</c> [N, 784, D] and <c>cls</c> [N, d], the class token after the final layer norm; N is free.
    /// Memory: about twice the weights as float32, 2 GB for ViT-L.
    /// </summary>
    /// <returns>The sidecar as written.</returns>
    /// <exception cref="InvalidBackboneException">The weights are damaged or no DINOv2 S, B or L, with or without registers; nothing is written.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static BackboneManifest Import(string weightsPath, string onnxPath, DinoV2ImportOptions? options = null)
    {
        options ??= new DinoV2ImportOptions();
        using var weights = new DinoV2Weights(weightsPath, options.Heads);
        if (weights.Depth < -Selected[^1])
        {
            throw weights.Bad($"hold {weights.Depth} transformer blocks, expected at least {-Selected[^1]}");
        }

        var model = BuildModel(weights, options);
        var manifest = new BackboneManifest
        {
            Name = Path.GetFileNameWithoutExtension(onnxPath),
            Family = "dinov2",
            Resize = Resize,
            Crop = Crop,
            Mean = [0.485f, 0.456f, 0.406f],
            Std = [0.229f, 0.224f, 0.225f],
            ClassOutput = "cls",
            Layers = [.. Selected.Select(s => s.ToString(System.Globalization.CultureInfo.InvariantCulture))],
            Fuse = "normalise-concatenate-project",
            ProjectionSeed = options.ProjectionSeed,
            Grid = Grid,
            Width = options.ProjectedWidth,
            Source = options.Source ?? Path.GetFileName(weightsPath),
            SourceSha256 = OnnxModelFile.Hash(weightsPath),
            Sha256 = OnnxModelFile.Write(model, onnxPath),
        };
        BackboneManifestFile.Write(onnxPath, manifest);
        return manifest;
    }

    private static ModelProto BuildModel(DinoV2Weights weights, DinoV2ImportOptions options)
    {
        var graph = new GraphBuilder("dinov2");
        var tokens = Embed(graph, weights);
        var layers = new OnnxValue[weights.Depth];
        for (var block = 0; block < weights.Depth; block++)
        {
            layers[block] = tokens = Block(graph, weights, block, tokens);
        }

        OnnxValue[] selected = [.. Selected.Select(s => layers[weights.Depth + s].Slice(axis: 1, 1 + weights.Registers, long.MaxValue))];
        graph.Output("features", Fuse(graph, weights, selected, options), "N", Grid * Grid, options.ProjectedWidth);

        var classToken = graph.Node("Gather", [tokens, graph.Index(0)], ("axis", 1));
        graph.Output("cls", Normalise(graph, weights, "layernorm", classToken), "N", weights.Width);
        if (options.ExposeLayers)
        {
            OnnxValue[] stacked = [.. selected.Select(s => s.Unsqueeze(1))];
            graph.Output("layers", stacked[0].Concat(axis: 1, stacked[1..]), "N", Selected.Length, Grid * Grid, weights.Width);
        }

        return graph.Model;
    }

    /// <summary>[N, 3, 392, 392] to tokens [N, 1 + registers + 784, d]: class token, registers, patches.</summary>
    private static OnnxValue Embed(GraphBuilder graph, DinoV2Weights weights)
    {
        var (width, side, patch) = (weights.Width, weights.Side, DinoV2Weights.Patch);
        var positions = weights.Read("embeddings.position_embeddings", 1, 1 + (side * side), width);
        var stored = positions.AsSpan(width);
        var resized = side == Grid ? stored.ToArray()
            : weights.Registers == 0 ? PositionGrid.ResizeBicubic(stored, side, Grid, width)
            : PositionGrid.ResizeAntialiased(stored, side, Grid, width);

        // The class token has a position of its own, the registers have none.
        var first = weights.Read("embeddings.cls_token", 1, 1, width);
        for (var c = 0; c < width; c++)
        {
            first[c] += positions[c];
        }

        if (weights.Registers > 0)
        {
            first = [.. first, .. weights.Read("embeddings.register_tokens", 1, weights.Registers, width)];
        }

        var pixels = graph.Input("pixels", "N", 3, Crop, Crop);
        var patches = pixels
            .Conv(
                graph.Constant("patch_embedding.weight", weights.Read("embeddings.patch_embeddings.projection.weight", width, 3, patch, patch), width, 3, patch, patch),
                graph.Constant("patch_embedding.bias", weights.Read("embeddings.patch_embeddings.projection.bias", width), width),
                kernel: patch,
                stride: patch)
            .Reshape(0, width, Grid * Grid)
            .Transpose(0, 2, 1)
            .Add(graph.Constant("patch_positions", resized, 1, Grid * Grid, width));

        var batch = graph.Node("Shape", [pixels], ("start", 0), ("end", 1));
        var shape = batch.Concat(axis: 0, graph.Shape(1 + weights.Registers, width));
        var prefix = graph.Constant("first_tokens", first, 1, 1 + weights.Registers, width);
        return graph.Node("Expand", [prefix, shape]).Concat(axis: 1, patches);
    }

    /// <summary>x + scale1·attention(norm1(x)), then x + scale2·mlp(norm2(x)).</summary>
    private static OnnxValue Block(GraphBuilder graph, DinoV2Weights weights, int block, OnnxValue tokens)
    {
        var name = $"encoder.layer.{block}";
        tokens = tokens.Add(Attention(graph, weights, name, Normalise(graph, weights, $"{name}.norm1", tokens)));
        var hidden = Linear(graph, weights, $"{name}.mlp.fc1", weights.Width, weights.MlpWidth, Normalise(graph, weights, $"{name}.norm2", tokens)).Gelu();
        return tokens.Add(Linear(graph, weights, $"{name}.mlp.fc2", weights.MlpWidth, weights.Width, hidden, scale: $"{name}.layer_scale2.lambda1"));
    }

    /// <summary>softmax(Q·Kᵀ / sqrt(d/heads))·V per head; query, key and value are one matrix product, whose query part holds the 1/sqrt.</summary>
    private static OnnxValue Attention(GraphBuilder graph, DinoV2Weights weights, string name, OnnxValue tokens)
    {
        var (width, heads) = (weights.Width, weights.Heads);
        var (matrix, bias) = (new float[width * 3 * width], new float[3 * width]);
        string[] parts = ["query", "key", "value"];
        for (var p = 0; p < parts.Length; p++)
        {
            var scale = p == 0 ? 1 / MathF.Sqrt((float)width / heads) : 1;
            var weight = weights.ReadTransposed($"{name}.attention.attention.{parts[p]}.weight", width, width);
            var offset = weights.Read($"{name}.attention.attention.{parts[p]}.bias", width);
            for (var i = 0; i < width; i++)
            {
                bias[(p * width) + i] = scale * offset[i];
                for (var o = 0; o < width; o++)
                {
                    matrix[(((i * 3) + p) * width) + o] = scale * weight[(i * width) + o];
                }
            }
        }

        var joint = tokens.Linear(graph.Constant($"{name}.qkv.weight", matrix, width, 3 * width), graph.Constant($"{name}.qkv.bias", bias, 3 * width));
        var split = graph.Node("Split", [joint], outputs: 3, ("axis", 2));
        OnnxValue PerHead(OnnxValue value, params long[] permutation) => value.Reshape(0, 0, heads, width / heads).Transpose(permutation);
        var query = PerHead(split[0], 0, 2, 1, 3);
        var keyTransposed = PerHead(split[1], 0, 2, 3, 1);
        var value = PerHead(split[2], 0, 2, 1, 3);

        var mixed = query.MatMul(keyTransposed).Softmax().MatMul(value).Transpose(0, 2, 1, 3).Reshape(0, 0, width);
        return Linear(graph, weights, $"{name}.attention.output.dense", width, width, mixed, scale: $"{name}.layer_scale1.lambda1");
    }

    /// <summary>x·W + b; a layer scale is multiplied into both.</summary>
    private static OnnxValue Linear(GraphBuilder graph, DinoV2Weights weights, string name, int inputs, int outputs, OnnxValue value, string? scale = null)
    {
        var weight = weights.ReadTransposed($"{name}.weight", outputs, inputs);
        var bias = weights.Read($"{name}.bias", outputs);
        if (scale is not null)
        {
            var lambda = weights.Read(scale, outputs);
            for (var i = 0; i < weight.Length; i++)
            {
                weight[i] *= lambda[i % outputs];
            }

            for (var o = 0; o < outputs; o++)
            {
                bias[o] *= lambda[o];
            }
        }

        return value.Linear(graph.Constant($"{name}.weight", weight, inputs, outputs), graph.Constant($"{name}.bias", bias, outputs));
    }

    private static OnnxValue Normalise(GraphBuilder graph, DinoV2Weights weights, string name, OnnxValue value) =>
        value.LayerNormalization(
            graph.Constant($"{name}.weight", weights.Read($"{name}.weight", weights.Width), weights.Width),
            graph.Constant($"{name}.bias", weights.Read($"{name}.bias", weights.Width), weights.Width),
            Epsilon);

    /// <summary>Unit vectors per layer and patch, side by side, projected (SPEC 3).</summary>
    private static OnnxValue Fuse(GraphBuilder graph, DinoV2Weights weights, OnnxValue[] layers, DinoV2ImportOptions options)
    {
        OnnxValue[] unit = [.. layers.Select(l => l.L2Normalize())];
        var projection = new RandomProjection(layers.Length * weights.Width, options.ProjectedWidth, options.ProjectionSeed);
        return unit[0].Concat(axis: 2, unit[1..]).MatMul(graph.Constant("projection", projection.Weights.ToArray(), projection.InputWidth, projection.OutputWidth));
    }
}
