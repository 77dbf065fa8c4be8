using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.Inspection;

/// <summary>All banks of a station at one moment, immutable: an inspection reads it once, an update swaps it whole.</summary>
internal sealed class BankSnapshot
{
    private readonly FrozenDictionary<string, ProductBank> _byCategory;
    private readonly RoutingBank[] _routing;

    private BankSnapshot(IReadOnlyList<ProductBank> banks)
    {
        (Banks, Mode) = (banks, banks[0].Manifest.Frame);
        _byCategory = banks.ToFrozenDictionary(b => b.Manifest.Category, StringComparer.Ordinal);
        _routing = [.. banks.Select(b => b.Routing)];
    }

    public IReadOnlyList<ProductBank> Banks { get; }

    /// <summary>How frames become the backbone's input; the same for all banks.</summary>
    public FrameMode Mode { get; }

    public IEnumerable<string> Categories => Banks.Select(b => b.Manifest.Category);

    /// <summary>Checks that the banks can serve one station together.</summary>
    /// <exception cref="InvalidBankException">No bank, another backbone, or frame modes that differ; the message lists everything.</exception>
    public static BankSnapshot Create(IReadOnlyList<ProductBank> banks, BackboneManifest backbone)
    {
        if (banks.Count == 0)
        {
            throw new InvalidBankException("No bank to judge with. Fit one (structcore fit) or correct Banks:Folder.");
        }

        var problems = new List<string>();
        foreach (var bank in banks)
        {
            try
            {
                bank.RequireBackbone(backbone);
            }
            catch (InvalidBankException e)
            {
                problems.Add(e.Message);
            }
        }

        problems.AddRange(banks.Where(b => b.Manifest.Frame != banks[0].Manifest.Frame)
            .Select(b => $"Memory bank '{b.Manifest.Id}' was fitted on {b.Manifest.Frame} frames, '{banks[0].Manifest.Id}' on {banks[0].Manifest.Frame}: one frame cannot serve both. Fit one of them again, or list the categories of this station."));
        return problems.Count == 0 ? new(banks) : throw new InvalidBankException(string.Join(Environment.NewLine, problems));
    }

    public bool TryGet(string category, [NotNullWhen(true)] out ProductBank? bank) => _byCategory.TryGetValue(category, out bank);

    public Route Route(PatchFeatures features) => BankRouter.Route(features, _routing);
}
