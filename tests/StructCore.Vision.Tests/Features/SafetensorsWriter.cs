using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace StructCore.Tests.Features;

/// <summary>A safetensors file as a test wants it.</summary>
internal sealed class SafetensorsWriter
{
    private readonly List<(string Name, string Type, long[] Shape, byte[] Bytes)> _tensors = [];

    public SafetensorsWriter Add(string name, string type, ReadOnlySpan<byte> bytes, params long[] shape)
    {
        _tensors.Add((name, type, shape, bytes.ToArray()));
        return this;
    }

    public SafetensorsWriter Add(string name, float[] values, params long[] shape) => Add(name, "F32", MemoryMarshal.AsBytes(values.AsSpan()), shape);

    public SafetensorsWriter Remove(string name)
    {
        Assert.Equal(1, _tensors.RemoveAll(t => t.Name == name));
        return this;
    }

    /// <summary>The bytes of the file; <paramref name="spoil"/> may change its header first.</summary>
    public byte[] ToArray(Action<JsonObject>? spoil = null)
    {
        var header = new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        using var data = new MemoryStream();
        foreach (var (name, type, shape, bytes) in _tensors)
        {
            header[name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = new JsonArray([.. shape.Select(d => (JsonNode)d)]),
                ["data_offsets"] = new JsonArray(data.Length, data.Length + bytes.Length),
            };
            data.Write(bytes);
        }

        spoil?.Invoke(header);
        var json = Encoding.UTF8.GetBytes(header.ToJsonString());
        return [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. data.ToArray()];
    }

    public string Save(string path)
    {
        File.WriteAllBytes(path, ToArray());
        return path;
    }
}
