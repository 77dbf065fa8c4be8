using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StructCore.Vision.MemoryBanks;

/// <summary>A pinned array whose first value lies on a cache line, so that no vector load crosses one. Not cleared.</summary>
internal sealed unsafe class AlignedArray<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly T[] _values;

    public AlignedArray(int length)
    {
        _values = GC.AllocateUninitializedArray<T>(checked(length + (Alignment / sizeof(T))), pinned: true);
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_values));
        Pointer = (T*)((address + Alignment - 1) & -Alignment);
        Length = length;
    }

    public int Length { get; }

    /// <summary>First value; valid as long as this object is reachable.</summary>
    public T* Pointer { get; }

    public Span<T> Span => new(Pointer, Length);
}
