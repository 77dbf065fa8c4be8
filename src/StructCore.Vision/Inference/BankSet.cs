using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Inference;

/// <summary>The banks images are routed over and judged by together, at one moment: an inspection reads the set once, an update swaps it whole.</summary>
/// <remarks>Immutable; safe to use from any thread.</remarks>
public sealed class BankSet
{
    private readonly FrozenDictionary<string, ProductBank> _byCategory;

    private BankSet(IReadOnlyList<ProductBank> banks, FrameMode mode)
    {
        (Banks, Mode) = (banks, mode);
        _byCategory = banks.ToFrozenDictionary(b => b.Manifest.Category, StringComparer.Ordinal);
        Routing = [.. banks.Select(b => b.Routing)];
    }

    /// <summary>The banks, at least one.</summary>
    public IReadOnlyList<ProductBank> Banks { get; }

    /// <summary>Their prototypes, in the same order.</summary>
    public IReadOnlyList<RoutingBank> Routing { get; }

    /// <summary>How frames become the backbone's input; the same for all banks.</summary>
    public FrameMode Mode { get; }

    /// <summary>Category of each bank, in the same order.</summary>
    public IEnumerable<string> Categories => Banks.Select(b => b.Manifest.Category);

    /// <summary>Checks that the banks can judge together.</summary>
    /// <param name="banks">One bank of each category.</param>
    /// <param name="backbone">What gives their features.</param>
    /// <param name="mode">How frames are brought to size; null: as the banks were fitted, which must agree.</param>
    /// <exception cref="InvalidBankException">No bank, another backbone, or frame modes that differ; the message lists everything.</exception>
    public static BankSet Create(IReadOnlyList<ProductBank> banks, BackboneManifest backbone, FrameMode? mode = null)
    {
        ArgumentNullException.ThrowIfNull(banks);
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

        if (mode is null)
        {
            problems.AddRange(banks.Where(b => b.Manifest.Frame != banks[0].Manifest.Frame)
                .Select(b => $"Memory bank '{b.Manifest.Id}' was fitted on {b.Manifest.Frame} frames, '{banks[0].Manifest.Id}' on {banks[0].Manifest.Frame}: one frame cannot serve both. Fit one of them again, or list the categories of this station."));
        }

        return problems.Count == 0 ? new(banks, mode ?? banks[0].Manifest.Frame) : throw new InvalidBankException(string.Join(Environment.NewLine, problems));
    }

    /// <summary>The bank of a category.</summary>
    public bool TryGet(string category, [NotNullWhen(true)] out ProductBank? bank) => _byCategory.TryGetValue(category, out bank);

    /// <summary>The bank that judges an image: the recipe's, or else that of the category it is routed to.</summary>
    /// <exception cref="ArgumentException">There is no such bank.</exception>
    internal ProductBank Choose(string? recipe, Route route) => TryGet(recipe ?? route.Category, out var bank)
        ? bank
        : throw new ArgumentException($"No bank for recipe '{recipe}'; there are banks of: {string.Join(", ", Categories)}.", nameof(recipe));
}
