using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StructCore.Edge.Configuration;
using StructCore.Edge.Downloads;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>Packages from a web server, at <c>BASE/CATEGORY/CATEGORY-vN.scbank</c>.</summary>
internal sealed class HttpPackageSource(UpdateOptions options, TimeProvider time) : PackageSource
{
    public override async Task FetchAsync(PackageRequest request, PartialPackage part, CancellationToken cancellationToken)
    {
        // Certificates and token are read each time: what was replaced counts at the next attempt.
        var (authorities, token) = ReadSecrets();
        using var http = new HttpDownload(new StallLimit(TimeSpan.FromSeconds(options.StallSeconds), time), authorities);
        try
        {
            var address = new Uri($"{options.BaseUrl!.TrimEnd('/')}/{Uri.EscapeDataString(request.Category)}/{Uri.EscapeDataString(request.FileName)}");
            using var body = await http.OpenAsync(address, part.Length, part.Validator, token, cancellationToken);
            RequireLength(body.Total, address, request);
            if (body.Start == 0)
            {
                part.Begin(body.Validator);
            }

            await body.CopyToAsync(part.Append, cancellationToken);
            if (part.Length < request.Package.Bytes)
            {
                throw new DownloadException($"'{HttpBody.Name(address)}' ended after {part.Length} of {request.Package.Bytes} bytes.");
            }
        }
        catch (DownloadException e)
        {
            throw new UpdateRefusedException(UpdateRefusal.NotAvailable, $"{e.Message} {Remedy(e.Status)} It is tried again.", e);
        }
    }

    /// <summary>Why the server cannot be reached; null where it answers, whatever it says.</summary>
    public async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (authorities, token) = ReadSecrets();
            using var http = new HttpDownload(new StallLimit(TimeSpan.FromSeconds(options.StallSeconds), time), authorities);
            using var body = await http.OpenAsync(new Uri(options.BaseUrl!), 0, null, token, cancellationToken);
            return null;
        }
        catch (DownloadException e)
        {
            // Nobody asks for the folder itself: that it has no page says nothing, that the token is not taken does.
            return e.Status is null or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? $"{e.Message} {Remedy(e.Status)}" : null;
        }
        catch (UpdateRefusedException e)
        {
            return e.Message;
        }
    }

    private static void RequireLength(long? total, Uri address, PackageRequest request)
    {
        if (total is { } bytes && bytes != request.Package.Bytes)
        {
            throw new UpdateRefusedException(bytes > request.Package.Bytes ? UpdateRefusal.TooLarge : UpdateRefusal.Damaged, $"'{HttpBody.Name(address)}' has {bytes} bytes, {request.Package.Bytes} were announced. Publish the package again: structcore bank publish --web.");
        }
    }

    private static string Remedy(HttpStatusCode? status) => status switch
    {
        HttpStatusCode.NotFound => "Publish the package there (structcore bank publish --web), or check Updates:BaseUrl.",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "Check Updates:TokenFile and what the server lets it read.",
        _ => "Check the server, Updates:BaseUrl and Updates:CaFile.",
    };

    private (X509Certificate2Collection? Authorities, string? Token) ReadSecrets()
    {
        try
        {
            X509Certificate2Collection? authorities = null;
            if (options.CaFile is { } file)
            {
                authorities = [];
                authorities.ImportFromPemFile(file);
            }

            return (authorities, options.TokenFile is { } token ? SecretFile.Read(token) ?? throw new IOException($"'{token}' is empty.") : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UpdateRefusedException(UpdateRefusal.NotAvailable, $"Updates:CaFile or Updates:TokenFile cannot be read: {e.Message} Put a PEM file and a file with the token there; it is tried again.", e);
        }
    }
}
