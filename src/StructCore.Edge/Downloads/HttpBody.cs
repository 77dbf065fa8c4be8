using System.Net;

namespace StructCore.Edge.Downloads;

/// <summary>A server's answer with a file or the rest of one, still to be received.</summary>
internal sealed class HttpBody : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Uri _address;
    private readonly StallLimit _stall;

    private HttpBody(HttpResponseMessage response, Uri address, long start, long? total, StallLimit stall) =>
        (_response, _address, Start, Total, _stall) = (response, address, start, total, stall);

    /// <summary>Where in the file it begins: with the byte asked for, or 0 where the server sends everything again.</summary>
    public long Start { get; }

    /// <summary>Length of the whole file; null where the server does not say.</summary>
    public long? Total { get; }

    /// <summary>What identifies the server's file: a strong entity tag or its date; null where it has neither.</summary>
    public string? Validator => _response.Headers.ETag is { IsWeak: false } tag ? tag.ToString() : _response.Content.Headers.LastModified?.ToString("R");

    /// <summary>An address as messages may show it: what comes after the path may be a signature.</summary>
    public static string Name(Uri address) => address.GetLeftPart(UriPartial.Path);

    /// <exception cref="DownloadException">Not an answer with the file.</exception>
    public static HttpBody Of(HttpResponseMessage response, Uri address, long have, StallLimit stall)
    {
        var headers = response.Content.Headers;
        var start = response.StatusCode switch
        {
            HttpStatusCode.PartialContent when headers.ContentRange?.From == have => have,
            HttpStatusCode.RequestedRangeNotSatisfiable when have > 0 && headers.ContentRange?.Length == have => have,
            HttpStatusCode.OK => 0,
            _ => throw new DownloadException($"'{Name(address)}' answered {(int)response.StatusCode} ({response.ReasonPhrase}).", response.StatusCode),
        };
        if (headers.ContentEncoding.Count > 0)
        {
            throw new DownloadException($"'{Name(address)}' comes as {string.Join(", ", headers.ContentEncoding)}, which was not asked for.");
        }

        var total = response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable ? have : start + headers.ContentLength;
        return new HttpBody(response, address, start, total, stall);
    }

    /// <summary>Receives all of it.</summary>
    /// <exception cref="DownloadException">It broke off.</exception>
    public async Task CopyToAsync(Action<ReadOnlySpan<byte>> append, CancellationToken cancellationToken)
    {
        if (_response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return;
        }

        await using var body = await _response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[1 << 17];
        var received = Start;
        while (await ReadAsync(body, buffer, received, cancellationToken) is > 0 and var read)
        {
            append(buffer.AsSpan(0, read));
            received += read;
        }

        if (Total is { } total && received != total)
        {
            throw BrokenOff(received, null);
        }
    }

    public void Dispose() => _response.Dispose();

    private async Task<int> ReadAsync(Stream body, byte[] buffer, long received, CancellationToken cancellationToken)
    {
        try
        {
            return await _stall.WithinAsync(stop => body.ReadAsync(buffer, stop).AsTask(), cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
        {
            throw BrokenOff(received, e);
        }
    }

    private DownloadException BrokenOff(long received, Exception? why) =>
        new($"'{Name(_address)}' broke off after {received:N0} of {Total?.ToString("N0") ?? "unknown"} bytes{(why is null ? "" : $" ({why.Message.TrimEnd('.')})")}.", inner: why);
}
