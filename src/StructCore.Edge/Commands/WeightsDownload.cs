using System.Net;
using StructCore.Edge.Downloads;

namespace StructCore.Edge.Commands;

/// <summary>Downloads one file into <c>PATH</c>, which a later call with the same path takes up where this one broke off.</summary>
/// <param name="largestBytes">Larger files are refused.</param>
/// <param name="stall">Longest wait for the next bytes.</param>
internal sealed class WeightsDownload(long largestBytes, TimeSpan stall) : IDisposable
{
    private readonly HttpDownload _http = new(new StallLimit(stall, TimeProvider.System));

    /// <returns>False where the server has no such file (404); nothing is written then.</returns>
    /// <exception cref="CommandFailedException">Refused, too large, or broken off; in the last case the same call resumes.</exception>
    public async Task<bool> TryFetchAsync(Uri address, string path, IProgress<DownloadState>? progress, CancellationToken cancellationToken)
    {
        var validatorPath = path + ".validator";
        var validator = File.Exists(path) && File.Exists(validatorPath) ? await File.ReadAllTextAsync(validatorPath, cancellationToken) : null;
        try
        {
            using var body = await _http.OpenAsync(address, validator is null ? 0 : new FileInfo(path).Length, validator, token: null, cancellationToken);
            if (body.Total > largestBytes)
            {
                throw TooLarge(address, body.Total.Value);
            }

            await SaveValidatorAsync(validatorPath, body.Validator, cancellationToken);
            await ReceiveAsync(address, path, body, progress, cancellationToken);
            return true;
        }
        catch (DownloadException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (DownloadException e)
        {
            throw new CommandFailedException($"{e.Message} Check the address, or run the same command again: it goes on where this one stopped.", e);
        }
    }

    public void Dispose() => _http.Dispose();

    // Without a validator a download cannot be resumed: nothing tells then whether the file has changed.
    private static async Task SaveValidatorAsync(string path, string? validator, CancellationToken cancellationToken)
    {
        if (validator is null)
        {
            File.Delete(path);
            return;
        }

        await File.WriteAllTextAsync(path, validator, cancellationToken);
    }

    private async Task ReceiveAsync(Uri address, string path, HttpBody body, IProgress<DownloadState>? progress, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, body.Start == 0 ? FileMode.Create : FileMode.Append, FileAccess.Write);
        var received = body.Start;
        await body.CopyToAsync(
            bytes =>
            {
                received += bytes.Length;
                if (received > largestBytes)
                {
                    throw TooLarge(address, received);
                }

                file.Write(bytes);
                progress?.Report(new DownloadState(received, body.Total));
            },
            cancellationToken);
    }

    private CommandFailedException TooLarge(Uri address, long bytes) =>
        new($"'{HttpBody.Name(address)}' has {bytes:N0} bytes or more, at most {largestBytes:N0} are taken. Check the address: model.safetensors of DINOv2 S, B or L is smaller.");
}
