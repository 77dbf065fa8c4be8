namespace StructCore.Vision.Imaging;

/// <summary>Images as files on disk.</summary>
public static class ImageFiles
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"];

    /// <summary>Whether the name ends like an image this project reads.</summary>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Images directly in <paramref name="folder"/>, in ordinal order of their names, so that image indices mean the same on every machine.</summary>
    public static IReadOnlyList<string> In(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(IsImage).Order(StringComparer.Ordinal)];

    /// <summary>Encodes losslessly, into an array of its own.</summary>
    public static byte[] EncodePng(this IImageCodec codec, RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(codec);
        using var target = new MemoryStream();
        codec.EncodePng(image, target);
        return target.ToArray();
    }

    /// <summary>Encodes with loss, into an array of its own; <paramref name="quality"/> is 1 to 100.</summary>
    public static byte[] EncodeJpeg(this IImageCodec codec, RgbImage image, int quality = 90)
    {
        ArgumentNullException.ThrowIfNull(codec);
        using var target = new MemoryStream();
        codec.EncodeJpeg(image, target, quality);
        return target.ToArray();
    }

    /// <summary>Reads and decodes one file.</summary>
    /// <returns>The image, which the caller disposes of.</returns>
    /// <exception cref="InvalidImageException">The file cannot be read or is no usable image.</exception>
    public static RgbImage Load(this IImageCodec codec, string path)
    {
        ArgumentNullException.ThrowIfNull(codec);
        EncodedImage encoded;
        try
        {
            encoded = EncodedImage.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidImageException($"Image '{path}' cannot be read: {e.Message}", e);
        }

        using (encoded)
        {
            return codec.Decode(encoded.Bytes, path);
        }
    }
}
