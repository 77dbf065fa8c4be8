using System.Net;
using System.Net.Http.Headers;

namespace StructCore.Edge.Commands;

/// <summary>
/// Downloads one file into <c>PATH</c>, which a later call with the same path takes up where this one broke off:
/// the server is asked for the rest, on condition that the file there is still the one that was begun.
/// </summary>
/// <param name="largestBytes">Larger files are refused.</param>
/// <param name="stall">Longest wait for the next bytes.</param>
internal sealed class WeightsDownload(long largestBytes, TimeSpan stall) : IDisposable
{
    private const int MostRedirects = 10;

    // Redirects are followed here, so that none leads to plain http unseen.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(30) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("structcore", "1") } },
    };

    /// <summary>https anywhere, plain http only on this machine.</summary>
    public static bool IsAllowed(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    /// <returns>False where the server has no such file (404); nothing is written then.</returns>
    /// <exception cref="CommandFailedException">Refused, too large, or broken off; in the last case the same call resumes.</exception>
    public async Task<bool> TryFetchAsync(Uri address, string path, IProgress<DownloadState>? progress, CancellationToken cancellationToken)
    {
        var validatorPath = path + ".validator";
        var validator = File.Exists(path) && File.Exists(validatorPath) ? await File.ReadAllTextAsync(validatorPath, cancellationToken) : null;
        var have = validator is null ? 0 : new FileInfo(path).Length;
        using var response = await SendAsync(address, have, validator, cancellationToken);
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotFound:
                return false;
            case HttpStatusCode.RequestedRangeNotSatisfiable when have > 0 && response.Content.Headers.ContentRange?.Length == have:
                return true;
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == have:
                break;
            case HttpStatusCode.OK:
                have = 0;
                break;
            default:
                throw new CommandFailedException($"'{address}' answered {(int)response.StatusCode} ({response.ReasonPhrase}). Check the address; where a partial download does not fit any more, remove '{path}'.");
        }

        var total = response.Content.Headers.ContentLength is { } rest ? have + rest : (long?)null;
        if (total > largestBytes)
        {
            throw TooLarge(address, total.Value);
        }

        await SaveValidatorAsync(validatorPath, response, cancellationToken);
        await ReceiveAsync(address, path, response, new DownloadState(have, total), progress, cancellationToken);
        return true;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, long have, string? validator, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            if (!IsAllowed(address))
            {
                throw new CommandFailedException($"'{address}' is not https. Plain http is only taken from this machine.");
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (have > 0)
            {
                request.Headers.Range = new RangeHeaderValue(have, null);
                request.Headers.TryAddWithoutValidation("If-Range", validator);
            }

            var response = await WithinStallAsync(address, token => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
            if ((int)response.StatusCode is < 300 or >= 400 || response.Headers.Location is not { } next)
            {
                return response;
            }

            response.Dispose();
            address = new Uri(address, next);
        }

        throw new CommandFailedException($"'{address}' came after more than {MostRedirects} redirects. Check the address.");
    }

    /// <summary>Keeps what identifies the server's file: a strong entity tag or the date. Without either a download cannot be resumed.</summary>
    private static async Task SaveValidatorAsync(string path, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var validator = response.Headers.ETag is { IsWeak: false } tag ? tag.ToString() : response.Content.Headers.LastModified?.ToString("R");
        if (validator is null)
        {
            File.Delete(path);
            return;
        }

        await File.WriteAllTextAsync(path, validator, cancellationToken);
    }

    private async Task ReceiveAsync(Uri address, string path, HttpResponseMessage response, DownloadState state, IProgress<DownloadState>? progress, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, state.Received == 0 ? FileMode.Create : FileMode.Append, FileAccess.Write);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[1 << 17];
            while (await WithinStallAsync(address, token => body.ReadAsync(buffer, token).AsTask(), cancellationToken) is > 0 and var read)
            {
                state = state with { Received = state.Received + read };
                if (state.Received > largestBytes)
                {
                    throw TooLarge(address, state.Received);
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                progress?.Report(state);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw BrokenOff(address, state, e);
        }

        if (state.Total is { } total && state.Received != total)
        {
            throw BrokenOff(address, state, null);
        }
    }

    private async Task<T> WithinStallAsync<T>(Uri address, Func<CancellationToken, Task<T>> wait, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(stall);
        try
        {
            return await wait(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"'{address}' sent nothing for {stall.TotalSeconds:F0} s. Run the same command again: it goes on where this one stopped.", e);
        }
    }

    private CommandFailedException TooLarge(Uri address, long bytes) =>
        new($"'{address}' has {bytes:N0} bytes or more, at most {largestBytes:N0} are taken. Check the address: model.safetensors of DINOv2 S, B or L is smaller.");

    private static CommandFailedException BrokenOff(Uri address, DownloadState state, Exception? inner) =>
        new($"'{address}' broke off after {state.Received:N0} of {state.Total?.ToString("N0") ?? "unknown"} bytes{(inner is null ? "" : $" ({inner.Message})")}. Run the same command again: it goes on where this one stopped.", inner);
}
