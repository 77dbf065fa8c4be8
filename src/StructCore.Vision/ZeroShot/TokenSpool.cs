using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using StructCore.Vision.Features;

namespace StructCore.Vision.ZeroShot;

/// <summary>
/// The layer tokens of a batch, each layer normalised over its whole [d, grid, grid] (SPEC 10), on disk as float32: 4·P·d
/// bytes per image and layer. Class tokens stay in memory. The file disappears with this object, or with the process.
/// </summary>
/// <remarks>One thread adds; afterwards any number may read.</remarks>
internal sealed class TokenSpool : IDisposable
{
    private const double Epsilon = 1e-5;

    private readonly FileStream _file;
    private readonly List<float[]> _classTokens = [];
    private int[] _widths = [];

    public TokenSpool(string? folder)
    {
        _file = ScratchFile.Create(folder, ".tokens");
    }

    public int Images => _classTokens.Count;

    public int Layers => _widths.Length;

    public int GridHeight { get; private set; }

    public int GridWidth { get; private set; }

    public int Patches => GridHeight * GridWidth;

    public IReadOnlyList<float[]> ClassTokens => _classTokens;

    /// <summary>Width d of a layer.</summary>
    public int Width(int layer) => _widths[layer];

    /// <exception cref="InvalidBackboneException">The tokens are not finite.</exception>
    public void Add(LayerTokens tokens, string image)
    {
        if (Images == 0)
        {
            (GridHeight, GridWidth) = (tokens.Layers[0].GridHeight, tokens.Layers[0].GridWidth);
            _widths = [.. tokens.Layers.Select(l => l.Width)];
        }

        foreach (var (layer, features) in tokens.Layers.Index())
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(features.Rows, Patches);
            ArgumentOutOfRangeException.ThrowIfNotEqual(features.Width, _widths[layer]);
            var values = Normalised(features.Values);
            if (!float.IsFinite(TensorPrimitives.Sum<float>(values)))
            {
                throw new InvalidBackboneException($"The backbone's layer {layer} is not finite for '{image}'. Import the backbone again.");
            }

            RandomAccess.Write(_file.SafeFileHandle, MemoryMarshal.AsBytes<float>(values), Offset(Images, layer));
        }

        _classTokens.Add(tokens.ClassToken);
    }

    /// <summary>Normalised tokens of one layer of one image into <paramref name="values"/>, [patches, width].</summary>
    public void Read(int image, int layer, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Patches * _widths[layer]);
        var bytes = MemoryMarshal.AsBytes(values);
        for (var offset = Offset(image, layer); !bytes.IsEmpty;)
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

    public void Dispose() => _file.Dispose();

    private long Offset(int image, int layer) => sizeof(float) * (long)Patches * (((long)image * _widths.Sum()) + _widths.AsSpan(0, layer).ToArray().Sum());

    private static float[] Normalised(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        foreach (var value in values)
        {
            sum += value;
        }

        var mean = sum / values.Length;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        var scale = 1 / Math.Sqrt((squares / values.Length) + Epsilon);
        var normalised = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            normalised[i] = (float)((values[i] - mean) * scale);
        }

        return normalised;
    }
}
