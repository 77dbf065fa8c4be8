using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using StructCore.Vision.Features;

namespace StructCore.Vision.Fitting;

/// <summary>
/// The features of all training images, on disk as float16: a fit reads them several times, but memory must not grow with
/// the number of images. What is read back is what every later step works on, so that all of them see the same rounded
/// values. The file disappears with this object, or with the process.
/// </summary>
/// <remarks>Different images may be written, and any read, on several threads at a time.</remarks>
internal sealed class FeatureSpool : IDisposable
{
    private readonly FileStream _file;
    private readonly int _gridHeight;
    private readonly int _gridWidth;
    private readonly int _width;

    public FeatureSpool(string? folder, int images, int gridHeight, int gridWidth, int width)
    {
        (Images, _gridHeight, _gridWidth, _width) = (images, gridHeight, gridWidth, width);
        Rows = checked(images * RowsPerImage);
        _file = ScratchFile.Create(folder, ".features");
    }

    /// <summary>Images there is room for.</summary>
    public int Images { get; }

    public int RowsPerImage => _gridHeight * _gridWidth;

    /// <summary>Rows of all images.</summary>
    public int Rows { get; }

    /// <summary>Values per row.</summary>
    public int Width => _width;

    private int BytesPerRow => _width * Marshal.SizeOf<Half>();

    /// <summary>Keeps the features of an image; returns them as they will be read back.</summary>
    public PatchFeatures Write(int image, PatchFeatures features)
    {
        var rounded = ArrayPool<Half>.Shared.Rent(features.Values.Length);
        try
        {
            var halves = rounded.AsSpan(0, features.Values.Length);
            TensorPrimitives.ConvertToHalf(features.Values, halves);
            RandomAccess.Write(_file.SafeFileHandle, MemoryMarshal.AsBytes(halves), (long)image * RowsPerImage * BytesPerRow);
            return ToFeatures(halves);
        }
        finally
        {
            ArrayPool<Half>.Shared.Return(rounded);
        }
    }

    /// <summary>The features of an image, which the caller disposes of.</summary>
    public PatchFeatures Image(int index)
    {
        var rounded = ArrayPool<Half>.Shared.Rent(RowsPerImage * _width);
        try
        {
            var halves = rounded.AsSpan(0, RowsPerImage * _width);
            Read(halves, (long)index * RowsPerImage);
            return ToFeatures(halves);
        }
        finally
        {
            ArrayPool<Half>.Shared.Return(rounded);
        }
    }

    /// <summary>The rows of these indices, [indices, width], in their order.</summary>
    public float[] Gather(ReadOnlySpan<int> rows)
    {
        var (values, rounded) = (new float[rows.Length * _width], new Half[_width]);
        for (var i = 0; i < rows.Length; i++)
        {
            Read(rounded, rows[i]);
            TensorPrimitives.ConvertToSingle(rounded, values.AsSpan(i * _width, _width));
        }

        return values;
    }

    public void Dispose() => _file.Dispose();

    private PatchFeatures ToFeatures(ReadOnlySpan<Half> halves)
    {
        var features = PatchFeatures.Rent(1, _gridHeight, _gridWidth, _width, out var values)[0];
        TensorPrimitives.ConvertToSingle(halves, values.Span);
        return features;
    }

    private void Read(Span<Half> rows, long firstRow)
    {
        var bytes = MemoryMarshal.AsBytes(rows);
        for (var offset = firstRow * BytesPerRow; !bytes.IsEmpty;)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, bytes, offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"The scratch file '{_file.Name}' is shorter than what was written to it. Check the disk.");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }
}
