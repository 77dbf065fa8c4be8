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

    /// <summary>Reads and decodes one file.</summary>
    /// <exception cref="InvalidImageException">The file cannot be read or is no usable image.</exception>
    public static RgbImage Load(this IImageCodec codec, string path)
    {
        ArgumentNullException.ThrowIfNull(codec);
        byte[] encoded;
        try
        {
            encoded = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidImageException($"Image '{path}' cannot be read: {e.Message}", e);
        }

        return codec.Decode(encoded, path);
    }
}
