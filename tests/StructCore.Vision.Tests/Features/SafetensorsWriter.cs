using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace StructCore.Tests.Features;

/// <summary>A safetensors file as a test wants it, sound or not.</summary>
internal sealed class SafetensorsWriter
{
    private readonly MemoryStream _data = new();

    public JsonObject Header { get; } = [];

    public SafetensorsWriter Add(string name, string type, ReadOnlySpan<byte> bytes, params long[] shape)
    {
        Header[name] = new JsonObject
        {
            ["dtype"] = type,
            ["shape"] = new JsonArray([.. shape.Select(d => (JsonNode)d)]),
            ["data_offsets"] = new JsonArray(_data.Length, _data.Length + bytes.Length),
        };
        _data.Write(bytes);
        return this;
    }

    public SafetensorsWriter Add(string name, float[] values, params long[] shape) => Add(name, "F32", MemoryMarshal.AsBytes(values.AsSpan()), shape);

    public byte[] ToArray()
    {
        var header = Encoding.UTF8.GetBytes(Header.ToJsonString());
        return [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. _data.ToArray()];
    }

    public string Save(string path)
    {
        File.WriteAllBytes(path, ToArray());
        return path;
    }
}
