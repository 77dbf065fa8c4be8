using System.Net;
using System.Text.Json;

namespace StructCore.Tests;

/// <summary>One answer of a health endpoint; the body is undefined where there was none.</summary>
internal readonly record struct HealthAnswer(HttpStatusCode Code, string? Status, JsonElement Body);

/// <summary>Asks an agent's health endpoints.</summary>
internal sealed class HealthClient : HttpClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public HealthClient(int port) => BaseAddress = new Uri($"http://127.0.0.1:{port}");

    public async Task<(HttpStatusCode Code, string? Status)> StatusAsync(string check)
    {
        var answer = await AskAsync(check);
        return (answer.Code, answer.Status);
    }

    public async Task<HealthAnswer> AskAsync(string check)
    {
        using var answer = await GetAsync($"health/{check}");
        var text = await answer.Content.ReadAsStringAsync();
        var body = text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default;
        return new(answer.StatusCode, body.ValueKind == JsonValueKind.Object ? body.GetProperty("status").GetString() : null, body);
    }

    /// <summary>Asks until the answer is as it should be; an agent that does not listen yet is asked again.</summary>
    public async Task<HealthAnswer> UntilAsync(string check, Func<HealthAnswer, bool> condition, TimeSpan? pause = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(pause ?? TimeSpan.FromMilliseconds(50));
        HealthAnswer? last = null;
        while (true)
        {
            try
            {
                last = await AskAsync(check);
                if (condition(last.Value))
                {
                    return last.Value;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{check} did not become what it should be; last: {last?.Code} {last?.Body}");
            }
        }
    }
}
