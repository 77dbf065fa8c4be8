using StructCore.Edge.Simulation.Products;

namespace StructCore.Edge.Simulation.Demo;

/// <summary>Where the demo's files lie: results stay, work goes unless it is asked to stay.</summary>
internal sealed class DemoFolders : IDisposable
{
    private readonly bool _keep;

    public DemoFolders(string results, bool keep)
    {
        _keep = keep;
        Results = Path.GetFullPath(results);
        Work = keep ? Path.Combine(Results, "work") : Directory.CreateTempSubdirectory("structcore-demo-").FullName;
        foreach (var folder in (string[])[Results, Evidence, Work, Frames, Banks])
        {
            Directory.CreateDirectory(folder);
        }
    }

    public string Results { get; }

    public string Evidence => Path.Combine(Results, "overlays");

    public string AgentLog => Path.Combine(Results, "agent.log");

    public string Work { get; }

    public string Frames => Path.Combine(Work, "frames");

    public string Banks => Path.Combine(Work, "banks");

    public string Store => Path.Combine(Work, "station.db");

    public string Configuration => Path.Combine(Work, "station.json");

    public string TrainingRoot => Path.Combine(Work, "training");

    public string Training(ProductKind product) => Path.Combine(TrainingRoot, PlannedPart.CategoryOf(product), "train", "good");

    public void Dispose()
    {
        if (!_keep)
        {
            Directory.Delete(Work, recursive: true);
        }
    }
}
