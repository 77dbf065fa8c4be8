using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Delivery;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary>Packages out of a folder, as a server has them.</summary>
internal sealed class FolderSource(string folder) : PackageSource
{
    /// <summary>Whether packages cannot be had.</summary>
    public bool Down { get; set; }

    /// <summary>Ends before the first byte is given; null: at once.</summary>
    public Task? Until { get; set; }

    /// <summary>How often a package was asked for.</summary>
    public int Fetched;

    /// <summary>Released at every question.</summary>
    public SemaphoreSlim Asked { get; } = new(0);

    public override async Task FetchAsync(PackageRequest request, PartialPackage part, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Fetched);
        Asked.Release();
        if (Down)
        {
            throw new UpdateRefusedException(UpdateRefusal.NotAvailable, "the server does not answer");
        }

        await (Until ?? Task.CompletedTask).WaitAsync(cancellationToken);
        part.Append((await File.ReadAllBytesAsync(Path.Combine(folder, request.FileName), cancellationToken)).AsSpan((int)part.Length));
    }
}
