namespace StructCore.Vision.Imaging;

/// <summary>Reads the headers of a BMP file and checks that its rows are all there.</summary>
internal static class BmpFile
{
    private const int FileHeader = 14;
    private const int OldHeader = 12;
    private const uint BitFields = 3;

    public static ImageHeader Measure(ReadOnlySpan<byte> file)
    {
        var pixels = ImageHeader.UInt32(file, 10, false);
        var old = ImageHeader.UInt32(file, FileHeader, false) == OldHeader;
        long width = old ? ImageHeader.UInt16(file, 18, false) : (int)ImageHeader.UInt32(file, 18, false);

        // A negative height means rows from the top down.
        var height = Math.Abs(old ? ImageHeader.UInt16(file, 20, false) : (long)(int)ImageHeader.UInt32(file, 22, false));
        long bits = ImageHeader.UInt16(file, old ? 24 : 28, false);
        var compression = old ? 0 : ImageHeader.UInt32(file, 30, false);
        if (compression is not (0 or BitFields))
        {
            throw new InvalidDataException("is a BMP file with run-length or embedded compression, which is not read");
        }

        var stride = ((width * bits) + 31) / 32 * 4;
        if (width > 0 && pixels + ((Int128)stride * height) > file.Length)
        {
            throw new InvalidDataException($"is a BMP file of {height} x {width} pixels that ends after {file.Length} bytes");
        }

        return new ImageHeader("BMP", height, width);
    }
}
