using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using StructCore.Vision.Features;

namespace StructCore.Vision.Fitting;

/// <summary>
/// The features of all training images, on disk as float16: a fit reads them several times, but memory must not grow with
/// the number of images. What is read back is what every later step works on, so that all of them see the same rounded
/// values. The file disappears with this object, or with the process.
/// </summary>
internal sealed class FeatureSpool : IDisposable
{
    private readonly FileStream _file;
    private readonly int _gridHeight;
    private readonly int _gridWidth;
    private readonly int _width;

    public FeatureSpool(string? folder, int gridHeight, int gridWidth, int width)
    {
        (_gridHeight, _gridWidth, _width) = (gridHeight, gridWidth, width);
        var path = Path.Combine(folder ?? Path.GetTempPath(), $"structcore-{Guid.NewGuid():N}.features");
        _file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose, BufferSize = 0 });
    }

    public int Images { get; private set; }

    public int RowsPerImage => _gridHeight * _gridWidth;

    public int Rows => Images * RowsPerImage;

    private long BytesPerRow => (long)_width * Marshal.SizeOf<Half>();

    public void Add(PatchFeatures features)
    {
        var rounded = new Half[features.Values.Length];
        TensorPrimitives.ConvertToHalf(features.Values, rounded);
        RandomAccess.Write(_file.SafeFileHandle, MemoryMarshal.AsBytes<Half>(rounded), Images * RowsPerImage * BytesPerRow);
        Images++;
    }

    public PatchFeatures Image(int index)
    {
        var values = new float[RowsPerImage * _width];
        Read(values, (long)index * RowsPerImage);
        return new PatchFeatures(_gridHeight, _gridWidth, _width, values);
    }

    /// <summary>The rows of these indices, [indices, width], in their order.</summary>
    public float[] Gather(ReadOnlySpan<int> rows)
    {
        var values = new float[rows.Length * _width];
        for (var i = 0; i < rows.Length; i++)
        {
            Read(values.AsSpan(i * _width, _width), rows[i]);
        }

        return values;
    }

    public void Dispose() => _file.Dispose();

    private void Read(Span<float> values, long firstRow)
    {
        var rounded = new Half[values.Length];
        var bytes = MemoryMarshal.AsBytes(rounded.AsSpan());
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

        TensorPrimitives.ConvertToSingle(rounded, values);
    }
}
