using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.Inspection;

/// <summary>The bank files of a folder, each read once however many stations use it.</summary>
internal sealed class BankLibrary(string folder)
{
    public string Folder => folder;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, WeakReference<ProductBank>> _bySha256 = [];

    /// <summary>The newest bank of every category asked for, or of all where none is.</summary>
    /// <exception cref="InvalidBankException">No bank, or some that cannot be read; the message lists all of them.</exception>
    public IReadOnlyList<ProductBank> Load(IReadOnlyCollection<string> categories)
    {
        if (categories.Count == 0)
        {
            return Share(BankFile.ReadNewest(folder, []));
        }

        var banks = new List<ProductBank>();
        var problems = new List<string>();
        foreach (var category in categories.Distinct(StringComparer.Ordinal))
        {
            try
            {
                banks.AddRange(Share(BankFile.ReadNewest(folder, [category])));
            }
            catch (InvalidBankException e)
            {
                problems.Add(e.Message);
            }
        }

        return problems.Count == 0 ? banks : throw new InvalidBankException(string.Join(Environment.NewLine, problems));
    }

    /// <summary>One version of a category, by its file's name and SHA-256.</summary>
    /// <exception cref="InvalidBankException">Not there, damaged, or another file under that name.</exception>
    public ProductBank Load(BankIdentity bank)
    {
        var path = Path.Combine(folder, bank.Id + BankFile.Extension);
        var read = BankFile.Read(path);
        return read.Sha256 == bank.Sha256
            ? Share([read])[0]
            : throw new InvalidBankException($"Bank file '{path}' has SHA-256 {read.Sha256}, this station was given {bank.Sha256}: another file took its place. Put the right one back, or give files you fit yourself a version of their own.");
    }

    private ProductBank[] Share(IEnumerable<ProductBank> banks)
    {
        lock (_gate)
        {
            return [.. banks.Select(Known)];
        }
    }

    // Weak: a bank that no station judges with any more is let go.
    private ProductBank Known(ProductBank bank)
    {
        if (_bySha256.TryGetValue(bank.Sha256, out var reference) && reference.TryGetTarget(out var known))
        {
            return known;
        }

        _bySha256[bank.Sha256] = new(bank);
        return bank;
    }
}
