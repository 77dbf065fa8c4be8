using System.Runtime.InteropServices;
using System.Text.Json;

namespace StructCore.Tests;

/// <summary>One golden case: a folder with <c>manifest.json</c>, inputs and expected outputs (see SPEC.md, head).</summary>
internal sealed class GoldenCase
{
    private readonly string _folder;
    private readonly JsonElement _manifest;

    private GoldenCase(string folder)
    {
        _folder = folder;
        _manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json"))).RootElement;
        Name = Path.GetFileName(folder);
        Section = _manifest.GetProperty("section").GetString()!;
    }

    public string Name { get; }

    public string Section { get; }

    public JsonElement Parameters => _manifest.GetProperty("parameters");

    /// <summary>Theory data: the names of the cases of a section, found by what is there, so that another folder may hold others. Where there is none, one null row, which <see cref="Open"/> turns into a skip.</summary>
    public static TheoryData<string?> Names(string section)
    {
        var names = Directory.Exists(SharedFiles.Golden)
            ? Directory.GetDirectories(SharedFiles.Golden).Where(d => File.Exists(Path.Combine(d, "manifest.json"))).Select(d => new GoldenCase(d)).Where(c => c.Section == section).Select(c => c.Name).Order(StringComparer.Ordinal).ToArray()
            : [];
        return names.Length == 0 ? new TheoryData<string?>((string?)null) : new TheoryData<string?>(names);
    }

    public static GoldenCase Open(string? name)
    {
        Assert.SkipWhen(name is null, $"no golden case of this section in '{SharedFiles.Golden}'");
        return new GoldenCase(Path.Combine(SharedFiles.Golden, name!));
    }

    public string InputPath(string name) => Path.GetFullPath(Path.Combine(_folder, _manifest.GetProperty("inputs").GetProperty(name).GetProperty("file").GetString()!));

    public bool HasInput(string name) => _manifest.GetProperty("inputs").TryGetProperty(name, out _);

    public bool HasOutput(string name) => _manifest.GetProperty("outputs").TryGetProperty(name, out _);

    public int[] InputShape(string name) => Shape("inputs", name);

    public int[] OutputShape(string name) => Shape("outputs", name);

    public T[] Input<T>(string name)
        where T : unmanaged => Read<T>("inputs", name);

    public T[] Output<T>(string name)
        where T : unmanaged => Read<T>("outputs", name);

    /// <summary>Asserts |got - want| &lt;= abs + rel·|want| for every element, with the output's own tolerance where it has one.</summary>
    public void AssertOutput<T>(string name, ReadOnlySpan<T> got)
        where T : unmanaged, IConvertible
    {
        var want = Output<T>(name);
        Assert.Equal(want.Length, got.Length);
        var own = _manifest.GetProperty("outputs").GetProperty(name).TryGetProperty("tolerance", out var t) ? t : _manifest.GetProperty("tolerance");
        var (abs, rel) = (own.GetProperty("abs").GetDouble(), own.GetProperty("rel").GetDouble());
        for (var i = 0; i < want.Length; i++)
        {
            if (typeof(T) == typeof(long))
            {
                // 64-bit values do not fit a double: compare them as they are.
                var (g, w) = ((long)(object)got[i], (long)(object)want[i]);
                Assert.True((abs == 0 && rel == 0) ? g == w : Math.Abs(g - w) <= abs + (rel * Math.Abs(w)), $"{Name}/{name}[{i}]: got {g}, want {w}");
                continue;
            }

            var (x, y) = (got[i].ToDouble(null), want[i].ToDouble(null));
            Assert.True(Math.Abs(x - y) <= abs + (rel * Math.Abs(y)), $"{Name}/{name}[{i}]: got {x:R}, want {y:R}, off by {Math.Abs(x - y):G3}, allowed {abs + (rel * Math.Abs(y)):G3}");
        }
    }

    private int[] Shape(string side, string name) => [.. _manifest.GetProperty(side).GetProperty(name).GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())];

    private T[] Read<T>(string side, string name)
        where T : unmanaged
    {
        var path = Path.Combine(_folder, _manifest.GetProperty(side).GetProperty(name).GetProperty("file").GetString()!);
        return MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(path)).ToArray();
    }
}
