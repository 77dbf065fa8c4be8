using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>The folder of the banks, of all stations of the agent: verified packages are moved in, versions that nobody names any more go.</summary>
/// <param name="stations">The banks that the stations decide with at this moment.</param>
internal sealed class BankShelf(string folder, string incoming, int keepVersions, UpdateFiles files, IInspectionStore store, Func<IEnumerable<ProductBank>> stations, ILogger<BankShelf> log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Station, string Category), int> _wanted = [];

    /// <summary>Where a bank file has its place.</summary>
    public string PathOf(string id) => Path.Combine(folder, id + BankFile.Extension);

    /// <summary>A package of this station is on its way; complete ones of the category that no station wants any more are deleted.</summary>
    public void Want(string station, string category, int version) => Tidy(category, () => _wanted[(station, category)] = version);

    /// <summary>This station wants no package of the category any more.</summary>
    public void Forget(string station, string category) => Tidy(category, () => _wanted.Remove((station, category)));

    /// <summary>Gives a verified package its place, on the disk when this returns. Once more does nothing.</summary>
    /// <exception cref="UpdateRefusedException">A bank that is in use has that place and is another one.</exception>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public void Put(string path, ProductBank bank)
    {
        var place = PathOf(bank.Manifest.Id);
        lock (_gate)
        {
            if (InUse(bank.Manifest.Category).FirstOrDefault(b => b.Id == bank.Manifest.Id && b.Sha256 != bank.Sha256) is { Id: not null } other)
            {
                throw new UpdateRefusedException(UpdateRefusal.Downgrade, $"'{place}' is in use and another bank (sha256 {other.Sha256}) than the package (sha256 {bank.Sha256}). Sign it under a version that was never used.");
            }

            // Another station of this agent, or this one before a power cut, may have moved it already.
            if (path != place && !Holds(place, bank.Sha256))
            {
                files.CreateFolder(folder);
                files.Sync(path);
                files.Move(path, place);
            }

            files.SyncFolder(folder);
        }
    }

    /// <summary>Deletes the versions of a category that are neither among the newest nor named by any standing.</summary>
    public void RemoveOld(string category)
    {
        lock (_gate)
        {
            var used = InUse(category).Select(b => b.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var (_, path) in BankFile.Versions(folder, category).Skip(keepVersions).Where(v => !used.Contains(Path.GetFileNameWithoutExtension(v.Path))))
            {
                Delete(path);
            }
        }
    }

    private IEnumerable<(string Id, string Sha256)> InUse(string category) =>
        store.BankStandings().Where(s => s.Category == category && !s.Dormant).SelectMany(s => new[] { s.Active, s.Previous }).OfType<BankIdentity>().Select(b => (b.Id, b.Sha256))
            .Concat(stations().Where(b => b.Manifest.Category == category).Select(b => (b.Manifest.Id, b.Sha256)));

    /// <summary>Whether the file is there and has this SHA-256.</summary>
    public static bool Holds(string path, string sha256)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file)) == sha256;
    }

    // Upkeep: no update fails for it.
    private void Delete(string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.NotDeleted(path, e.Message);
        }
    }

    private void Tidy(string category, Action change)
    {
        lock (_gate)
        {
            change();
            var wanted = _wanted.Where(w => w.Key.Category == category).Select(w => w.Value).ToHashSet();
            foreach (var (_, path) in BankFile.Versions(incoming, category).Where(v => !wanted.Contains(v.Version)))
            {
                Delete(path);
            }
        }
    }
}
