using System.Buffers;
using System.Runtime.InteropServices;

namespace StructCore.Vision.Onnx;

/// <summary>The bytes of a float array as memory, without a copy: a ViT-L's weights are 1.2 GB.</summary>
internal sealed class FloatBytes(float[] values) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(values.AsSpan());

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        var handle = GCHandle.Alloc(values, GCHandleType.Pinned);
        return new MemoryHandle((byte*)handle.AddrOfPinnedObject() + elementIndex, handle);
    }

    public override void Unpin()
    {
        // Never called: the handle that Pin gives frees itself.
    }

    protected override void Dispose(bool disposing)
    {
    }
}
