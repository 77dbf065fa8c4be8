using System.Runtime.InteropServices;

namespace StructCore.Edge.Native.Aravis;

/// <summary>Asks Aravis which version it is.</summary>
internal static partial class AravisVersion
{
    private const string Library = AravisLibrary.Name;

    public static string Text() => $"{Major()}.{Minor()}.{Micro()}";

    [LibraryImport(Library, EntryPoint = "arv_get_major_version")]
    private static partial uint Major();

    [LibraryImport(Library, EntryPoint = "arv_get_minor_version")]
    private static partial uint Minor();

    [LibraryImport(Library, EntryPoint = "arv_get_micro_version")]
    private static partial uint Micro();
}
