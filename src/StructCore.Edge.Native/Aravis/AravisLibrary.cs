using System.Runtime.InteropServices;

namespace StructCore.Edge.Native.Aravis;

/// <summary>The functions of Aravis 0.8 that the camera uses. A call that takes an <c>error</c> leaves a GError there, see <see cref="AravisException.Check"/>.</summary>
internal static unsafe partial class AravisLibrary
{
    /// <summary>The library of Debian and Ubuntu, package <c>libaravis-0.8-0</c>.</summary>
    public const string Name = "libaravis-0.8.so.0";

    public const int BufferSuccess = 0;
    public const int PacketSocketDisabled = 1;
    public const int AdjustPacketSizeNever = 0;
    public const int AdjustPacketSizeOnce = 3;

    public static string Text(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    // What is on the network and the bus.
    [LibraryImport(Name, EntryPoint = "arv_update_device_list")]
    public static partial void UpdateDeviceList();

    [LibraryImport(Name, EntryPoint = "arv_get_n_devices")]
    public static partial uint DeviceCount();

    [LibraryImport(Name, EntryPoint = "arv_get_device_id")]
    public static partial nint DeviceId(uint index);

    [LibraryImport(Name, EntryPoint = "arv_get_device_vendor")]
    public static partial nint DeviceVendor(uint index);

    [LibraryImport(Name, EntryPoint = "arv_get_device_model")]
    public static partial nint DeviceModel(uint index);

    [LibraryImport(Name, EntryPoint = "arv_get_device_serial_nbr")]
    public static partial nint DeviceSerial(uint index);

    [LibraryImport(Name, EntryPoint = "arv_get_device_physical_id")]
    public static partial nint DevicePhysicalId(uint index);

    [LibraryImport(Name, EntryPoint = "arv_get_device_address")]
    public static partial nint DeviceAddress(uint index);

    [LibraryImport(Name, EntryPoint = "arv_get_device_protocol")]
    public static partial nint DeviceProtocol(uint index);

    // A camera and its features.
    [LibraryImport(Name, EntryPoint = "arv_camera_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OpenCamera(string id, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_get_device")]
    public static partial nint Device(nint camera);

    [LibraryImport(Name, EntryPoint = "arv_camera_is_feature_available", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int HasFeature(nint camera, string feature, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_get_integer", StringMarshalling = StringMarshalling.Utf8)]
    public static partial long GetInteger(nint camera, string feature, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_set_integer", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetInteger(nint camera, string feature, long value, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_get_integer_bounds", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void IntegerBounds(nint camera, string feature, out long lowest, out long highest, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_get_integer_increment", StringMarshalling = StringMarshalling.Utf8)]
    public static partial long IntegerIncrement(nint camera, string feature, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_set_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetText(nint camera, string feature, string value, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_get_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetText(nint camera, string feature, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_dup_available_enumerations_as_strings", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint* Choices(nint camera, string feature, out uint count, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_execute_command", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Execute(nint camera, string feature, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_set_trigger", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetTrigger(nint camera, string source, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_clear_triggers")]
    public static partial void ClearTriggers(nint camera, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_get_exposure_time")]
    public static partial double GetExposure(nint camera, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_set_exposure_time")]
    public static partial void SetExposure(nint camera, double microseconds, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_get_exposure_time_bounds")]
    public static partial void ExposureBounds(nint camera, out double lowest, out double highest, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_get_gain")]
    public static partial double GetGain(nint camera, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_set_gain")]
    public static partial void SetGain(nint camera, double gain, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_camera_get_gain_bounds")]
    public static partial void GainBounds(nint camera, out double lowest, out double highest, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_device_read_register")]
    public static partial int ReadRegister(nint device, ulong address, out uint value, out nint error);

    // GigE Vision only.
    [LibraryImport(Name, EntryPoint = "arv_camera_is_gv_device")]
    public static partial int IsGigE(nint camera);

    [LibraryImport(Name, EntryPoint = "arv_gv_device_is_controller")]
    public static partial int IsController(nint device);

    [LibraryImport(Name, EntryPoint = "arv_gv_device_get_device_address")]
    public static partial nint GigEAddress(nint device);

    [LibraryImport(Name, EntryPoint = "arv_camera_gv_set_stream_options")]
    public static partial void SetStreamOptions(nint camera, int options);

    [LibraryImport(Name, EntryPoint = "arv_camera_gv_set_packet_size_adjustment")]
    public static partial void SetPacketSizeAdjustment(nint camera, int adjustment);

    [LibraryImport(Name, EntryPoint = "arv_camera_gv_set_packet_size")]
    public static partial void SetPacketSize(nint camera, int bytes, out nint error);

    // Its stream and the buffers in it.
    [LibraryImport(Name, EntryPoint = "arv_camera_create_stream")]
    public static partial nint CreateStream(nint camera, nint callback, nint state, out nint error);

    [LibraryImport(Name, EntryPoint = "arv_stream_push_buffer")]
    public static partial void PushBuffer(nint stream, nint buffer);

    [LibraryImport(Name, EntryPoint = "arv_stream_try_pop_buffer")]
    public static partial nint TryPopBuffer(nint stream);

    [LibraryImport(Name, EntryPoint = "arv_stream_timeout_pop_buffer")]
    public static partial nint PopBuffer(nint stream, ulong microseconds);

    [LibraryImport(Name, EntryPoint = "arv_stream_start_thread")]
    public static partial void StartThread(nint stream);

    [LibraryImport(Name, EntryPoint = "arv_stream_stop_thread")]
    public static partial uint StopThread(nint stream, int deleteBuffers);

    [LibraryImport(Name, EntryPoint = "arv_stream_get_statistics")]
    public static partial void Statistics(nint stream, out ulong completed, out ulong failed, out ulong underruns);

    [LibraryImport(Name, EntryPoint = "arv_gv_stream_get_statistics")]
    public static partial void PacketStatistics(nint stream, out ulong resent, out ulong missing);

    [LibraryImport(Name, EntryPoint = "arv_buffer_new_allocate")]
    public static partial nint NewBuffer(nuint bytes);

    [LibraryImport(Name, EntryPoint = "arv_buffer_get_status")]
    public static partial int BufferStatus(nint buffer);

    [LibraryImport(Name, EntryPoint = "arv_buffer_get_payload_type")]
    public static partial int BufferPayloadType(nint buffer);

    [LibraryImport(Name, EntryPoint = "arv_buffer_get_system_timestamp")]
    public static partial ulong BufferArrival(nint buffer);

    [LibraryImport(Name, EntryPoint = "arv_buffer_get_data")]
    public static partial byte* BufferData(nint buffer, out nuint bytes);

    [LibraryImport(Name, EntryPoint = "arv_buffer_get_image_width")]
    public static partial int BufferWidth(nint buffer);

    [LibraryImport(Name, EntryPoint = "arv_buffer_get_image_height")]
    public static partial int BufferHeight(nint buffer);

    [LibraryImport(Name, EntryPoint = "arv_buffer_get_image_padding")]
    public static partial void BufferPadding(nint buffer, out int columns, out int rows);

    [LibraryImport(Name, EntryPoint = "arv_buffer_get_image_pixel_format")]
    public static partial uint BufferPixelFormat(nint buffer);
}
