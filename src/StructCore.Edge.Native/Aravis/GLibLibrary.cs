using System.Runtime.InteropServices;

namespace StructCore.Edge.Native.Aravis;

/// <summary>The functions of GLib that come with Aravis' objects, errors and addresses.</summary>
internal static partial class GLibLibrary
{
    // GObject's fundamental types: their number shifted by two.
    private const nuint TypeInteger = 6 << 2;
    private const nuint TypeUnsigned = 7 << 2;

    private const string Base = "libglib-2.0.so.0";
    private const string Objects = "libgobject-2.0.so.0";
    private const string Network = "libgio-2.0.so.0";

    public static void SetUnsigned(nint instance, string property, uint value)
    {
        Value holder = default;
        InitialiseValue(ref holder, TypeUnsigned);
        SetUnsignedValue(ref holder, value);
        SetProperty(instance, property, ref holder);
    }

    /// <summary>Also for enumerations, into which GObject turns it.</summary>
    public static void SetInteger(nint instance, string property, int value)
    {
        Value holder = default;
        InitialiseValue(ref holder, TypeInteger);
        SetIntegerValue(ref holder, value);
        SetProperty(instance, property, ref holder);
    }

    [LibraryImport(Base, EntryPoint = "g_free")]
    public static partial void Free(nint memory);

    [LibraryImport(Base, EntryPoint = "g_error_free")]
    public static partial void FreeError(nint error);

    [LibraryImport(Objects, EntryPoint = "g_object_unref")]
    public static partial void Unreference(nint instance);

    [LibraryImport(Network, EntryPoint = "g_inet_socket_address_get_address")]
    public static partial nint AddressOf(nint socketAddress);

    [LibraryImport(Network, EntryPoint = "g_inet_address_to_string")]
    public static partial nint AddressText(nint address);

    [LibraryImport(Objects, EntryPoint = "g_value_init")]
    private static partial nint InitialiseValue(ref Value value, nuint type);

    [LibraryImport(Objects, EntryPoint = "g_value_set_uint")]
    private static partial void SetUnsignedValue(ref Value value, uint content);

    [LibraryImport(Objects, EntryPoint = "g_value_set_int")]
    private static partial void SetIntegerValue(ref Value value, int content);

    [LibraryImport(Objects, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void SetProperty(nint instance, string name, ref Value value);

    [StructLayout(LayoutKind.Sequential)]
    private struct Value
    {
        public nuint Type;
        public long First;
        public long Second;
    }
}
