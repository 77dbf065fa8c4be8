using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>Brings packages into <c>Updates:Folder</c>, whole and as announced or not at all; one per agent, which writes there alone.</summary>
/// <param name="minFreeBytes">What must be left on the disk beside the package.</param>
/// <param name="freeBytes">Free space of the volume a folder lies on.</param>
internal sealed class PackageFetcher(UpdateOptions options, long minFreeBytes, UpdateFiles files, Func<string, long> freeBytes)
{
    // A damaged beginning may have been left by a power cut; what is damaged from the first byte on will be so again.
    private const int Attempts = 2;

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Fetches a package, or what is still missing of it; takes its turn where another is under way.</summary>
    /// <param name="progress">Bytes that are there.</param>
    /// <returns>Path of the complete package.</returns>
    /// <exception cref="UpdateRefusedException">
    /// <see cref="UpdateRefusal.NotAvailable"/> and <see cref="UpdateRefusal.DiskFull"/>: the same call may succeed later and goes on where this one stopped.
    /// <see cref="UpdateRefusal.Malformed"/>, <see cref="UpdateRefusal.TooLarge"/>, <see cref="UpdateRefusal.Damaged"/>: not before something else is published.
    /// </exception>
    public async Task<string> FetchAsync(PackageRequest request, PackageSource source, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        Check(request);
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await FetchOneAsync(request, source, progress, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UpdateRefusedException(UpdateRefusal.NotAvailable, $"package '{request.FileName}' cannot be written to '{options.Folder}': {e.Message} Check the folder (Updates:Folder) and its disk; it is tried again.", e);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<string> FetchOneAsync(PackageRequest request, PackageSource source, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        files.CreateFolder(options.Folder);
        var path = Path.Combine(options.Folder, request.FileName);
        if (File.Exists(path))
        {
            if (PackageFile.Of(path) == request.Package)
            {
                return path;
            }

            files.Delete(path);
        }

        var part = new PartialPackage(options.Folder, request, files, progress);
        part.DeleteOthers();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await CompleteAsync(part, request, source, cancellationToken);
            if (PackageFile.Of(part.Path) == request.Package)
            {
                part.Finish(path);
                return path;
            }

            part.Restart();
        }

        throw new UpdateRefusedException(UpdateRefusal.Damaged, $"package '{request.FileName}' came with another SHA-256 than {request.Package.Sha256}, which was announced. It was deleted; publish the package again.");
    }

    private async Task CompleteAsync(PartialPackage part, PackageRequest request, PackageSource source, CancellationToken cancellationToken)
    {
        var missing = request.Package.Bytes - part.Length;
        if (missing <= 0)
        {
            return;
        }

        if (freeBytes(options.Folder) is var free && free < missing + minFreeBytes)
        {
            throw new UpdateRefusedException(UpdateRefusal.DiskFull, $"package '{request.FileName}' needs {Megabytes(missing)} MB more and {Megabytes(minFreeBytes)} MB must stay free (Store:MinFreeMegabytes), but only {Megabytes(free)} MB are free under '{options.Folder}'. Free some space; it is tried again.");
        }

        try
        {
            await source.FetchAsync(request, part, cancellationToken);
        }
        catch (UpdateRefusedException e) when (e.Refusal is UpdateRefusal.TooLarge or UpdateRefusal.Damaged)
        {
            part.Restart();
            throw;
        }
    }

    private void Check(PackageRequest request)
    {
        var (bytes, sha256) = request.Package;
        if (!CategoryName.IsValid(request.Category) || request.Version < 1 || bytes < 1 || !DocumentJson.IsSha256(sha256))
        {
            throw new UpdateRefusedException(UpdateRefusal.Malformed, $"package '{request.FileName}' is announced with {bytes} bytes and SHA-256 '{sha256}', expected a category and version, 1 byte or more and 64 hex digits. Publish it with 'structcore bank publish'.");
        }

        if (Math.Min(request.Limit, options.MaxPackageMegabytes * 1_000_000L) is var most && bytes > most)
        {
            throw new UpdateRefusedException(UpdateRefusal.TooLarge, $"package '{request.FileName}' is announced with {bytes} bytes, at most {most} are taken{(most == request.Limit ? ": its signed release allows no more. Publish the package that was signed." : " (Updates:MaxPackageMegabytes). Raise that where the package is meant to be so large.")}");
        }
    }

    private static long Megabytes(long bytes) => bytes / 1_000_000;
}
