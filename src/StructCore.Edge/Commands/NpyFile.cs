using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using StructCore.Vision.Scoring;

namespace StructCore.Edge.Commands;

/// <summary>Anomaly maps as NumPy files, format 1.0: float32, little-endian, row-major.</summary>
internal static class NpyFile
{
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    public static void Write(string path, AnomalyMap map)
    {
        using var file = File.Create(path);
        Write(file, map);
    }

    public static void Write(Stream stream, AnomalyMap map)
    {
        // Magic, length of the header, header: together a multiple of 64 bytes, ending in a line break.
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({map.Height}, {map.Width}), }}";
        var before = Magic.Length + sizeof(ushort);
        var length = (((before + header.Length + 1 + Alignment - 1) / Alignment) * Alignment) - before;
        Span<byte> size = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(size, (ushort)length);
        stream.Write(Magic);
        stream.Write(size);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + '\n'));

        // Every platform .NET runs this on is little-endian, as the format's '<f4' says.
        stream.Write(MemoryMarshal.AsBytes(map.Values));
    }
}
