using StructCore.Edge.Simulation;
using StructCore.Edge.Simulation.Products;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Benchmarking;

/// <summary>Frames of one size, decoded and as files, taken in turn.</summary>
internal sealed class BenchFrames
{
    private const int Generated = 4;
    private const int MostImages = 64;

    private BenchFrames(string description, IReadOnlyList<RgbImage> images, IReadOnlyList<byte[]> files) => (Description, Images, Files) = (description, images, files);

    public string Description { get; }

    public IReadOnlyList<RgbImage> Images { get; }

    /// <summary>The same images as encoded bytes; empty where no codec can be loaded.</summary>
    public IReadOnlyList<byte[]> Files { get; }

    /// <summary>Rendered parts, scaled to <paramref name="side"/> x <paramref name="side"/>.</summary>
    public static BenchFrames Generate(int side, IImageCodec codec)
    {
        RgbImage[] images = [.. Enumerable.Range(0, Generated).Select(i => ImagePreprocessor.Crop(ProductRenderer.Render(ProductKind.Flange, (ulong)i).Image, FrameMode.FullFrame, side, side))];
        return new BenchFrames("rendered parts, PNG", images, Encode(images, codec));
    }

    /// <summary>The images of a folder.</summary>
    /// <exception cref="InvalidImageException">One cannot be read.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static BenchFrames Load(string folder, IImageCodec codec)
    {
        string[] paths = [.. ImageFiles.In(folder).Take(MostImages)];
        return paths.Length == 0
            ? throw new InvalidImageException($"There is no image in '{folder}'; PNG, JPEG, BMP and TIFF are read. Leave --images out to measure with rendered parts.")
            : new BenchFrames($"images of {Path.GetFullPath(folder)}", [.. paths.Select(codec.Load)], [.. paths.Select(File.ReadAllBytes)]);
    }

    /// <summary>The indices of the frames whose turn it is in a call.</summary>
    public void Turns(int call, Span<int> indices)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            indices[i] = (int)((((long)call * indices.Length) + i) % Images.Count);
        }
    }

    private static IReadOnlyList<byte[]> Encode(RgbImage[] images, IImageCodec codec)
    {
        try
        {
            return [.. images.Select(codec.EncodePng)];
        }
        catch (DllNotFoundException)
        {
            // A machine without the image library can measure everything but it.
            return [];
        }
    }
}
