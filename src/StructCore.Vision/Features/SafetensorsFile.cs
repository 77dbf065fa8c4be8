using System.Buffers;
using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace StructCore.Vision.Features;

/// <summary>
/// A <c>safetensors</c> weight file: an 8-byte length (little-endian), a JSON header of that length that gives each tensor's
/// dtype, shape and place, then the tensors' bytes without gaps. The header is checked in full when the file is opened;
/// a tensor is read when it is asked for.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const long LargestHeader = 100_000_000;
    private const int Chunk = 1 << 16;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _dataStart;
    private readonly SortedDictionary<string, Entry> _entries;

    private SafetensorsFile(string path, SafeFileHandle file)
    {
        (_path, _file) = (path, file);
        var length = RandomAccess.GetLength(file);
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (length < prefix.Length)
        {
            throw Bad($"is {length} bytes long, too short for its header");
        }

        ReadExactly(prefix, 0);
        var header = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (header > LargestHeader || (long)header > length - prefix.Length)
        {
            throw Bad($"says its header is {header:N0} bytes long, but the file has {length:N0} and a header at most {LargestHeader:N0}");
        }

        var json = new byte[header];
        ReadExactly(json, prefix.Length);
        _dataStart = prefix.Length + (long)header;
        _entries = ReadHeader(json);
        CheckPlaces(length - _dataStart);
    }

    /// <summary>Names of all tensors, in ordinal order.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <exception cref="InvalidBackboneException">Missing, unreadable, or not a whole safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, options: FileOptions.RandomAccess);
            return new SafetensorsFile(path, handle);
        }
        catch (Exception e)
        {
            handle?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new InvalidBackboneException($"Weights '{path}' cannot be read: {e.Message}", e);
            }

            throw;
        }
    }

    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Shape of a tensor.</summary>
    /// <exception cref="InvalidBackboneException">There is no tensor of this name.</exception>
    public IReadOnlyList<long> Shape(string name) => Find(name).Shape;

    /// <summary>A tensor's values, row-major, as float32; F16 and BF16 are widened, which is exact.</summary>
    /// <exception cref="InvalidBackboneException">Missing, of another shape, of another dtype, or not finite.</exception>
    public float[] Read(string name, params ReadOnlySpan<long> shape)
    {
        var entry = Find(name);
        if (!shape.SequenceEqual(entry.Shape))
        {
            throw Bad($"has tensor '{name}' of shape [{string.Join(", ", entry.Shape)}], expected [{string.Join(", ", shape.ToArray())}]");
        }

        var values = new float[TensorPrimitives.Product<long>([1, .. shape])];
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk * sizeof(float));
        try
        {
            for (var done = 0; done < values.Length; done += Chunk)
            {
                var target = values.AsSpan(done, Math.Min(Chunk, values.Length - done));
                var bytes = buffer.AsSpan(0, target.Length * entry.ElementBytes);
                ReadExactly(bytes, _dataStart + entry.Begin + ((long)done * entry.ElementBytes));
                Widen(entry.Type, bytes, target);
                if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(target)))
                {
                    throw Bad($"has values in tensor '{name}' that are not finite");
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return values;
    }

    public void Dispose() => _file.Dispose();

    private static void Widen(string type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (type)
        {
            case "F32":
                bytes.CopyTo(MemoryMarshal.AsBytes(values));
                break;
            case "F16":
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
            default:
                // BF16 is the upper half of a float32.
                var halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                }

                break;
        }
    }

    private SortedDictionary<string, Entry> ReadHeader(byte[] json)
    {
        var entries = new SortedDictionary<string, Entry>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var property in document.RootElement.EnumerateObject().Where(p => p.Name != "__metadata__"))
            {
                if (!entries.TryAdd(property.Name, ReadEntry(property.Name, property.Value)))
                {
                    throw Bad($"lists tensor '{property.Name}' twice");
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Bad($"has a header that is not a JSON object: {e.Message}", e);
        }

        return entries;
    }

    private Entry ReadEntry(string name, JsonElement value)
    {
        try
        {
            var shape = value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()).ToArray();
            var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt64()).ToArray();
            if (offsets.Length != 2 || shape.Any(d => d < 0) || offsets[0] < 0 || offsets[1] < offsets[0])
            {
                throw Bad($"places tensor '{name}', shape [{string.Join(", ", shape)}], at [{string.Join(", ", offsets)}], which is no place");
            }

            return new Entry(value.GetProperty("dtype").GetString()!, shape, offsets[0], offsets[1]);
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw Bad($"describes tensor '{name}' wrongly: {e.Message}", e);
        }
    }

    /// <summary>Tensors follow each other without gaps up to the end of the file, each as long as its shape says.</summary>
    private void CheckPlaces(long available)
    {
        long end = 0;
        foreach (var (name, entry) in _entries.OrderBy(e => e.Value.Begin).ThenBy(e => e.Value.End))
        {
            if (entry.Begin != end)
            {
                throw Bad($"places tensor '{name}' at byte {entry.Begin:N0}, expected {end:N0}");
            }

            end = entry.End;
            if (end > available)
            {
                throw Bad($"ends after {available:N0} bytes of data, inside tensor '{name}', which reaches to {end:N0}");
            }

            // The shape's product may be beyond 64 bits; the bytes available are not.
            var elements = entry.Shape.Aggregate((UInt128)1, (product, d) => product > (UInt128)available && d != 0 ? product : product * (UInt128)d);
            if (entry.ElementBytes > 0 && elements * (UInt128)entry.ElementBytes != (UInt128)(entry.End - entry.Begin))
            {
                throw Bad($"gives tensor '{name}' {entry.End - entry.Begin:N0} bytes, but [{string.Join(", ", entry.Shape)}] of {entry.Type} needs {elements * (UInt128)entry.ElementBytes:N0}");
            }
        }

        if (end != available)
        {
            throw Bad($"has {available:N0} bytes of data, but its tensors end at {end:N0}");
        }
    }

    private Entry Find(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            throw Bad($"has no tensor '{name}'");
        }

        return entry.ElementBytes > 0 ? entry : throw Bad($"has tensor '{name}' as {entry.Type}; F32, F16 and BF16 are read");
    }

    private void ReadExactly(Span<byte> buffer, long offset)
    {
        while (buffer.Length > 0)
        {
            var read = RandomAccess.Read(_file, buffer, offset);
            if (read == 0)
            {
                throw Bad($"ended at byte {offset:N0} while it was read");
            }

            buffer = buffer[read..];
            offset += read;
        }
    }

    private InvalidBackboneException Bad(string what, Exception? inner = null) =>
        new($"Weights '{_path}': the file {what}. Download model.safetensors of a DINOv2 model again.", inner);

    /// <summary>One tensor: bytes begin to end, exclusive, counted from the end of the header.</summary>
    private sealed record Entry(string Type, long[] Shape, long Begin, long End)
    {
        /// <summary>Bytes per element; 0 for the dtypes that weights here do not have.</summary>
        public int ElementBytes => Type switch
        {
            "F32" => 4,
            "F16" or "BF16" => 2,
            _ => 0,
        };
    }
}
