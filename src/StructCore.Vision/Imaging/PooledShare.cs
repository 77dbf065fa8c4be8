using System.Buffers;

namespace StructCore.Vision.Imaging;

/// <summary>
/// One holder's share of memory from a pool. Every holder lets go of its own share, as often as it likes; the memory goes back with
/// the last one. A share that nobody lets go of costs the pool an array, one that is read afterwards throws: nobody ever sees another's values.
/// </summary>
internal sealed class PooledShare<T> : IDisposable
    where T : unmanaged
{
    private readonly T[]? _own;
    private readonly int _offset;
    private readonly int _length;
    private Rental? _rental;

    /// <summary>An array that is no pool's: the garbage collector's, whoever lets go of it.</summary>
    public PooledShare(T[] own) => (_own, _length) = (own, own.Length);

    private PooledShare(Rental rental, int offset, int length) => (_rental, _offset, _length) = (rental, offset, length);

    /// <summary>The values; those of rented memory are not cleared.</summary>
    /// <exception cref="ObjectDisposedException">This holder let go.</exception>
    public Memory<T> Memory => Array.AsMemory(_offset, _length);

    /// <inheritdoc cref="Memory"/>
    public Span<T> Span => Array.AsSpan(_offset, _length);

    private T[] Array => _own ?? Held.Array;

    private Rental Held => Volatile.Read(ref _rental) ?? throw new ObjectDisposedException(GetType().Name, "This share of pooled memory was let go of. Whoever keeps an image or features beyond their owner needs a share of its own.");

    public static PooledShare<T> Rent(int length) => new(new Rental(length), 0, length);

    /// <summary>The same values for one more holder.</summary>
    /// <exception cref="ObjectDisposedException">This holder let go.</exception>
    public PooledShare<T> Share() => _own is null ? Share(0, _length) : this;

    /// <summary>Some of the rented values for one more holder.</summary>
    /// <exception cref="ObjectDisposedException">This holder let go.</exception>
    public PooledShare<T> Share(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, _length);
        var rental = Held;
        ObjectDisposedException.ThrowIf(!rental.TryHold(), this);
        return new(rental, _offset + offset, length);
    }

    public void Dispose() => Interlocked.Exchange(ref _rental, null)?.Release();

    private sealed class Rental(int length)
    {
        private int _holders = 1;

        public T[] Array { get; } = ArrayPool<T>.Shared.Rent(length);

        public bool TryHold()
        {
            for (var holders = Volatile.Read(ref _holders); holders > 0;)
            {
                var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
                if (seen == holders)
                {
                    return true;
                }

                holders = seen;
            }

            return false;
        }

        public void Release()
        {
            if (Interlocked.Decrement(ref _holders) == 0)
            {
                ArrayPool<T>.Shared.Return(Array);
            }
        }
    }
}
