using System.Text.Json;
using System.Text.Json.Nodes;
using StructCore.Edge.Storage;

namespace StructCore.Tests;

/// <summary>One station's folder: its configuration, its store and what it writes.</summary>
internal sealed class Line : IDisposable
{
    private readonly FittedParts _parts;
    private readonly int _brokerPort;

    public Line(FittedParts parts, int brokerPort)
    {
        (_parts, _brokerPort) = (parts, brokerPort);
        Configure();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("structcore-line-").FullName;

    public string Configuration => Path.Combine(Folder, "line.json");

    public string StorePath => Path.Combine(Folder, "store.db");

    /// <summary>Writes the configuration, changed as the test wants it.</summary>
    public void Configure(Action<JsonNode>? change = null)
    {
        var configuration = JsonSerializer.SerializeToNode(new
        {
            Broker = new { Host = "127.0.0.1", Port = _brokerPort },
            Store = new { Path = "store.db" },
            Banks = new { Folder = _parts.Banks },
            Models = new { Folder = FittedParts.Models },
            Stations = new[] { new { Site = "s", Line = "l", Id = "one", Camera = "folder", DeadlineMs = 20_000, PublishCode = true } },
            Cameras = new[] { new { Id = "folder", Kind = "folder", Source = _parts.Frames } },
        })!;
        change?.Invoke(configuration);
        File.WriteAllText(Configuration, configuration.ToJsonString());
    }

    public ToolProcess StartAgent(params IEnumerable<(string Name, string Value)> environment) => new(Structcore.Executable, ["run", "--config", Configuration], environment);

    /// <summary>What the store holds: triggers without a verdict, records, and how many of them wait for the broker.</summary>
    public (int Waiting, int Decided, long Outbox) Stored() => Read(s => (s.Unanswered().Count, s.Records(0, int.MaxValue).Count, s.OutboxSize()));

    public T Read<T>(Func<IInspectionStore, T> read)
    {
        using var store = Structcore.Adapters.ReadStore(StorePath);
        return read(store);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
