using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StructCore.Vision.Features;

/// <summary>Weights of a DINOv2 that never saw an image: a real network's sizes and times, without its download. What it computes means nothing.</summary>
/// <remarks>The same seed gives the same bytes everywhere.</remarks>
public static class DinoV2RandomWeights
{
    private const int Side = 37;
    private const int Chunk = 1 << 16;

    // Keeps the residual stream within float16 over all blocks.
    private const float LayerScale = 0.3f;

    /// <summary>Writes <c>model.safetensors</c> as <see cref="DinoV2Importer"/> reads it: float32, Hugging Face naming, positions for 37 x 37 patches.</summary>
    /// <param name="path">The file, written in full or not at all.</param>
    /// <param name="size">Which model it is as large as; ViT-B/14 takes 346 MB.</param>
    /// <param name="seed">Of the generator; one draw per value, in the order of the file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, DinoV2Size size, ulong seed)
    {
        Tensor[] tensors = [.. Tensors(size)];
        AtomicFile.Write(path, file =>
        {
            WriteHeader(file, tensors);
            var (generator, buffer) = (new SplitMix64(seed), new float[Chunk]);
            foreach (var tensor in tensors)
            {
                for (long done = 0; done < tensor.Count; done += Chunk)
                {
                    var values = buffer.AsSpan(0, (int)Math.Min(Chunk, tensor.Count - done));
                    Fill(values, tensor, ref generator);
                    file.Write(MemoryMarshal.AsBytes(values));
                }
            }
        });
    }

    /// <summary>Uniform around the mean: the top 24 bits of a draw are exact as float32.</summary>
    private static void Fill(Span<float> values, Tensor tensor, ref SplitMix64 generator)
    {
        var (step, low) = (tensor.Deviation * MathF.Sqrt(12) / (1 << 24), tensor.Mean - (tensor.Deviation * MathF.Sqrt(3)));
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = low + (step * (generator.Next() >> 40));
        }
    }

    private static void WriteHeader(Stream file, Tensor[] tensors)
    {
        var (header, end) = (new JsonObject(), 0L);
        foreach (var tensor in tensors)
        {
            var begin = end;
            end += tensor.Count * sizeof(float);
            header[tensor.Name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = JsonSerializer.SerializeToNode(tensor.Shape),
                ["data_offsets"] = JsonSerializer.SerializeToNode<long[]>([begin, end]),
            };
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        file.Write(length);
        file.Write(json);
    }

    private static IEnumerable<Tensor> Tensors(DinoV2Size size)
    {
        var (width, depth) = size switch
        {
            DinoV2Size.Tiny => (64, 12),
            DinoV2Size.Small => (384, 12),
            DinoV2Size.Base => (768, 12),
            DinoV2Size.Large => (1024, 24),
            _ => throw new ArgumentOutOfRangeException(nameof(size)),
        };
        const string Embeddings = "embeddings";
        yield return new($"{Embeddings}.cls_token", [1, 1, width], 0, 1);
        yield return new($"{Embeddings}.position_embeddings", [1, 1 + (Side * Side), width], 0, 0.3f);
        var patch = 3 * DinoV2Weights.Patch * DinoV2Weights.Patch;
        yield return new($"{Embeddings}.patch_embeddings.projection.weight", [width, 3, DinoV2Weights.Patch, DinoV2Weights.Patch], 0, 1 / MathF.Sqrt(patch));
        yield return new($"{Embeddings}.patch_embeddings.projection.bias", [width], 0, 0.1f);
        for (var block = 0; block < depth; block++)
        {
            foreach (var tensor in Block($"encoder.layer.{block}", width))
            {
                yield return tensor;
            }
        }

        foreach (var tensor in Norm("layernorm", width))
        {
            yield return tensor;
        }
    }

    private static IEnumerable<Tensor> Block(string name, int width) =>
    [
        .. Norm($"{name}.norm1", width),
        .. Linear($"{name}.attention.attention.query", width, width),
        .. Linear($"{name}.attention.attention.key", width, width),
        .. Linear($"{name}.attention.attention.value", width, width),
        .. Linear($"{name}.attention.output.dense", width, width),
        new($"{name}.layer_scale1.lambda1", [width], LayerScale, 0),
        .. Norm($"{name}.norm2", width),
        .. Linear($"{name}.mlp.fc1", width, 4 * width),
        .. Linear($"{name}.mlp.fc2", 4 * width, width),
        new($"{name}.layer_scale2.lambda1", [width], LayerScale, 0),
    ];

    private static Tensor[] Linear(string name, int inputs, int outputs) =>
        [new($"{name}.weight", [outputs, inputs], 0, 1 / MathF.Sqrt(inputs)), new($"{name}.bias", [outputs], 0, 0.1f)];

    private static Tensor[] Norm(string name, int width) => [new($"{name}.weight", [width], 1, 0), new($"{name}.bias", [width], 0, 0)];

    private sealed record Tensor(string Name, long[] Shape, float Mean, float Deviation)
    {
        public long Count => Shape.Aggregate(1L, (product, d) => product * d);
    }
}
