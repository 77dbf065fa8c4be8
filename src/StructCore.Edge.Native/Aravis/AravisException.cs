using System.Runtime.InteropServices;

namespace StructCore.Edge.Native.Aravis;

/// <summary>What Aravis or the camera refused, in Aravis' words.</summary>
internal sealed class AravisException(string message) : Exception(message)
{
    /// <summary>Frees a GError and throws what it says; does nothing where there is none.</summary>
    public static unsafe void Check(nint error)
    {
        if (error == 0)
        {
            return;
        }

        var text = AravisLibrary.Text(((Error*)error)->Message).TrimEnd('.', '\n');
        GLibLibrary.FreeError(error);
        throw new AravisException(text);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Error
    {
        public uint Domain;
        public int Code;
        public nint Message;
    }
}
