using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Features;

[Trait("Suite", "golden")]
public sealed class DinoV2ImporterGoldenTests
{
    public static TheoryData<string?> Cases => GoldenCase.Names("dinov2");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Import_OfTheWeights_GivesGoldenLayersAndClassToken(string? name)
    {
        var golden = GoldenCase.Open(name);
        using var folder = new TemporaryFolder();
        using var extractor = Import(golden, golden.InputPath("weights"), folder["tiny.onnx"]);
        var pixels = Pixels(golden, extractor.Backbone);

        golden.AssertOutput<float>("layers", extractor.Run(pixels, 1, "layers"));
        golden.AssertOutput<float>("cls", extractor.Run(pixels, 1, "cls"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Import_OfTheWeights_FusesAsTheProjectionSays(string? name)
    {
        var golden = GoldenCase.Open(name);
        using var folder = new TemporaryFolder();
        using var extractor = Import(golden, golden.InputPath("weights"), folder["tiny.onnx"]);
        var shape = golden.OutputShape("layers");
        var manifest = extractor.Backbone;

        var want = NaiveFuse.Project(golden.Output<float>("layers"), shape[0], shape[1], shape[2], manifest.Width, manifest.ProjectionSeed!.Value);
        var got = extractor.ExtractNormalised(Pixels(golden, manifest));

        Assert.Equal((shape[1], manifest.Width), (got.Rows, got.Width));
        for (var i = 0; i < want.Length; i++)
        {
            Assert.Equal(want[i], got.Values[i], 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Import_OfTheSameWeightsAsBfloat16_IsCloseToGolden(string? name)
    {
        var golden = GoldenCase.Open(name);
        using var folder = new TemporaryFolder();
        using var extractor = Import(golden, AsBfloat16(golden.InputPath("weights"), folder["model.safetensors"]), folder["tiny.onnx"]);

        var got = extractor.Run(Pixels(golden, extractor.Backbone), 1, "cls");
        var want = golden.Output<float>("cls");

        // 8 bits of mantissa: the same direction, not the same numbers.
        Assert.InRange(TensorPrimitives.CosineSimilarity<float>(got, want), 0.999f, 1.0001f);
        Assert.NotEqual(want, got);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_OfABatch_GivesWhatEachImageGives(string? name)
    {
        var golden = GoldenCase.Open(name);
        using var folder = new TemporaryFolder();
        using var extractor = Import(golden, golden.InputPath("weights"), folder["tiny.onnx"]);
        var pixels = Pixels(golden, extractor.Backbone);
        float[] dark = [.. pixels.Select(p => p / 2)];

        var both = extractor.Run((float[])[.. pixels, .. dark], 2, "features");

        AssertClose(extractor.ExtractNormalised(pixels).Values, both.AsSpan(0, both.Length / 2));
        AssertClose(extractor.ExtractNormalised(dark).Values, both.AsSpan(both.Length / 2));
    }

    private static void AssertClose(ReadOnlySpan<float> want, ReadOnlySpan<float> got) =>
        Assert.InRange(TensorPrimitives.Distance(want, got), 0, 1e-3f);

    private static OnnxFeatureExtractor Import(GoldenCase golden, string weights, string onnx)
    {
        DinoV2Importer.Import(weights, onnx, new DinoV2ImportOptions { Heads = golden.Parameters.GetProperty("heads").GetInt32(), ExposeLayers = true });
        return OnnxFeatureExtractor.Open(onnx, new ExtractorOptions { Threads = 1 });
    }

    private static float[] Pixels(GoldenCase golden, BackboneManifest backbone)
    {
        var shape = golden.InputShape("image");
        var image = new RgbImage(shape[0], shape[1], golden.Input<byte>("image"));
        var pixels = new float[image.Pixels.Length];
        ImagePreprocessor.Normalise(image, backbone.Mean, backbone.Std, pixels);
        return pixels;
    }

    private static string AsBfloat16(string weights, string target)
    {
        using var file = SafetensorsFile.Open(weights);
        var writer = new SafetensorsWriter();
        foreach (var name in file.Names)
        {
            long[] shape = [.. file.Shape(name)];
            ushort[] halves = [.. file.Read(name, shape).Select(v => (ushort)((BitConverter.SingleToUInt32Bits(v) + 0x8000) >> 16))];
            writer.Add(name, "BF16", MemoryMarshal.AsBytes(halves.AsSpan()), shape);
        }

        return writer.Save(target);
    }
}
