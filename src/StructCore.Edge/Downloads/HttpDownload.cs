using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace StructCore.Edge.Downloads;

/// <summary>Asks servers for files, or for the rest of a file on condition that it is still the one that was begun. Never over plain http but on this machine.</summary>
/// <param name="stall">Longest wait for an answer, and for the next bytes.</param>
/// <param name="authorities">Who may vouch for servers; null: whom the system trusts.</param>
internal sealed class HttpDownload(StallLimit stall, X509Certificate2Collection? authorities = null) : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HttpClient _http = new(CreateHandler(authorities))
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("structcore", "1") } },
    };

    /// <summary>https anywhere, plain http only on this machine.</summary>
    public static bool IsAllowed(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    /// <summary>The file from byte <paramref name="have"/> on, or from its beginning where the server wants it so.</summary>
    /// <param name="validator">What <see cref="HttpBody.Validator"/> said about the bytes that are there; null: the rest is taken of whatever file the server has.</param>
    /// <param name="token">Shown to the server of <paramref name="address"/>, to none that it leads on to.</param>
    /// <exception cref="DownloadException">No such file, refused, out of reach, or silent for too long.</exception>
    public async Task<HttpBody> OpenAsync(Uri address, long have, string? validator, string? token, CancellationToken cancellationToken)
    {
        var response = await FollowAsync(address, have, validator, token, cancellationToken);
        if (have > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && response.Content.Headers.ContentRange?.Length != have)
        {
            // Shorter than what is here, which is therefore not its beginning.
            response.Dispose();
            (have, response) = (0, await FollowAsync(address, 0, null, token, cancellationToken));
        }

        try
        {
            return HttpBody.Of(response, address, have, stall);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler CreateHandler(X509Certificate2Collection? authorities)
    {
        // Redirects are followed here, so that none leads to plain http unseen.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(30) };
        if (authorities is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }

    private async Task<HttpResponseMessage> FollowAsync(Uri begin, long have, string? validator, string? token, CancellationToken cancellationToken)
    {
        var address = begin;
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            if (!IsAllowed(address) || (begin.Scheme == Uri.UriSchemeHttps && address.Scheme != begin.Scheme))
            {
                throw new DownloadException($"'{HttpBody.Name(address)}' is not https. Plain http is only taken from this machine.");
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (have > 0)
            {
                request.Headers.Range = new RangeHeaderValue(have, null);
                request.Headers.TryAddWithoutValidation("If-Range", validator);
            }

            if (token is not null && address.Authority == begin.Authority)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            var response = await SendAsync(request, cancellationToken);
            if ((int)response.StatusCode is < 300 or >= 400 || response.Headers.Location is not { } next)
            {
                return response;
            }

            response.Dispose();
            address = new Uri(address, next);
        }

        throw new DownloadException($"'{HttpBody.Name(begin)}' leads on over more than {MostRedirects} redirects.");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await stall.WithinAsync(stop => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop), cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            throw new DownloadException($"'{HttpBody.Name(request.RequestUri!)}' cannot be had: {e.GetBaseException().Message.TrimEnd('.')}.", inner: e);
        }
    }
}
