namespace StructCore.Vision.Imaging;

/// <summary>The bytes of an image file, in memory from a pool.</summary>
/// <remarks>Owner of its memory: one that is not disposed of costs the pool an array.</remarks>
public sealed class EncodedImage : IDisposable
{
    private readonly PooledShare<byte> _bytes;

    private EncodedImage(PooledShare<byte> bytes) => _bytes = bytes;

    /// <summary>The whole file.</summary>
    /// <exception cref="ObjectDisposedException">It went back to its pool.</exception>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read, or has more than 2^31 bytes.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static EncodedImage Read(string path)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        if (length > Array.MaxLength)
        {
            throw new IOException($"'{path}' has {length} bytes, at most {Array.MaxLength} are read.");
        }

        var bytes = PooledShare<byte>.Rent((int)length);
        var room = bytes.Span;
        for (int read, at = 0; at < room.Length; at += read)
        {
            read = RandomAccess.Read(file, room[at..], at);
            if (read == 0)
            {
                throw new EndOfStreamException($"'{path}' ended after {at} of {length} bytes: it is being written.");
            }
        }

        return new(bytes);
    }

    /// <summary>Lets go of the bytes; more than once does no harm.</summary>
    public void Dispose() => _bytes.Dispose();
}
