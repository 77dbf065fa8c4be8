using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Imaging;

[Trait("Suite", "golden")]
public sealed class PreprocessGoldenTests
{
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Std = [0.229f, 0.224f, 0.225f];

    public static TheoryData<string?> Cases => GoldenCase.Names("preprocess");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Preprocess_GoldenCase_Agrees(string? name)
    {
        var golden = GoldenCase.Open(name);
        var crop = Crop(golden);
        if (golden.HasOutput("pixels"))
        {
            golden.AssertOutput<byte>("pixels", [.. golden.Input<long>("rows").SelectMany(y => crop.Row((int)y).ToArray())]);
        }

        if (golden.HasOutput("tensor"))
        {
            golden.AssertOutput<float>("tensor", Tensor(golden, crop));
        }
    }

    /// <summary>The case's 8-bit crop: decoded, resized and cut, or given as it is.</summary>
    private static RgbImage Crop(GoldenCase golden)
    {
        if (golden.HasInput("pixels"))
        {
            var shape = golden.InputShape("pixels");
            return new RgbImage(shape[0], shape[1], golden.Input<byte>("pixels"));
        }

        // SPEC 1 and 2b: the crop is 7/8 of the resize side in both.
        var crop = golden.OutputShape("pixels")[1];
        return ImagePreprocessor.Crop(new OpenCvImageCodec().Load(golden.InputPath("image")), FrameMode.CentreCrop, crop * 8 / 7, crop);
    }

    /// <summary>[3, rows, width] of the rows the case names, or of all.</summary>
    private static float[] Tensor(GoldenCase golden, RgbImage crop)
    {
        var nchw = new float[crop.Pixels.Length];
        ImagePreprocessor.Normalise(crop, Mean, Std, nchw);
        var rows = golden.Parameters.TryGetProperty("tensor_rows", out var given) ? [.. given.EnumerateArray().Select(r => r.GetInt32())] : Enumerable.Range(0, crop.Height).ToArray();
        return [.. from c in Enumerable.Range(0, RgbImage.Channels) from y in rows from x in Enumerable.Range(0, crop.Width) select nchw[(((c * crop.Height) + y) * crop.Width) + x]];
    }
}
