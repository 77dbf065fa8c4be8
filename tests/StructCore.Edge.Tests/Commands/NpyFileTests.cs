using System.Runtime.InteropServices;
using System.Text;
using StructCore.Edge.Commands;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Commands;

public sealed class NpyFileTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(392, 392)]
    public void Write_Map_IsNumPysFormat(int height, int width)
    {
        float[] values = [.. Enumerable.Range(0, height * width).Select(i => i / 7f)];
        using var stream = new MemoryStream();

        NpyFile.Write(stream, new AnomalyMap(height, width, values));

        var bytes = stream.ToArray();
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0], bytes[..8]);
        var start = 10 + bytes[8] + (256 * bytes[9]);
        Assert.Equal(0, start % 64);
        Assert.Equal($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({height}, {width}), }}", Encoding.ASCII.GetString(bytes[10..start]).TrimEnd());
        Assert.Equal((byte)'\n', bytes[start - 1]);
        Assert.Equal(values, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start)).ToArray());
    }
}
