using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.BankUpdates.Files;

namespace StructCore.Tests.BankUpdates.Delivery;

/// <summary>A folder for packages and whoever fetches into it; every fetch has a fetcher of its own, as after a restart.</summary>
internal sealed class FetchFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FetchFixture() => Options = new UpdateOptions { Folder = _folder["updates"] };

    public UpdateOptions Options { get; }

    public UpdateFiles Files { get; set; } = new();

    public long FreeBytes { get; set; } = long.MaxValue;

    public long MinFreeBytes { get; set; }

    public IEnumerable<string?> Names => Directory.EnumerateFiles(Options.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    public string this[string name] => Path.Combine(Options.Folder, name);

    public PackageFetcher Fetcher() => new(Options, MinFreeBytes, Files, _ => FreeBytes);

    public Task<string> FetchAsync(PackageSource source, PackageRequest? request = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        Fetcher().FetchAsync(request ?? TestPackage.Request, source, progress, cancellationToken);

    public async Task<UpdateRefusedException> RefusedAsync(PackageSource source, PackageRequest? request = null, IProgress<long>? progress = null) =>
        await Assert.ThrowsAsync<UpdateRefusedException>(() => FetchAsync(source, request, progress));

    public void Put(string name, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Options.Folder);
        File.WriteAllBytes(this[name], content);
    }

    public void Dispose() => _folder.Dispose();
}
