using System.Net;
using System.Net.Sockets;
using StructCore.Edge.Configuration;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>The port of the HTTP side: free, or answered by the running agent.</summary>
internal static class HttpCheck
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(AgentOptions options, Findings findings, CancellationToken cancellationToken)
    {
        var http = options.Http;
        if (!http.Enabled)
        {
            findings.Ok("HTTP is off (Http:Enabled)");
            return;
        }

        var address = IPAddress.Parse(http.Address);
        if (StoreClaim.IsTaken(options.Store.Path))
        {
            await AskAsync(new IPEndPoint(address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address, http.Port), findings, cancellationToken);
            return;
        }

        try
        {
            using var listener = new TcpListener(address, http.Port);
            listener.Start();
            findings.Ok($"{http.Address}:{http.Port} is free for the agent");
        }
        catch (SocketException e)
        {
            findings.Fail($"Http:Address, Http:Port: the agent could not listen on {http.Address}:{http.Port}: {e.Message}. Set another port, an address of this machine, or end the program that has it (ss -ltnp).");
        }
    }

    private static async Task AskAsync(IPEndPoint agent, Findings findings, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = AnswerTime };
        try
        {
            // Without its key the agent answers 401, which is an answer.
            using var answer = await client.GetAsync(new Uri($"http://{agent}/health/live"), cancellationToken);
            findings.Judge(
                answer.StatusCode == HttpStatusCode.ServiceUnavailable ? $"The running agent answers {(int)answer.StatusCode} on http://{agent}/health/live: it needs a restart. Its body says why." : null,
                $"the running agent answers on http://{agent}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            findings.Fail($"An agent runs, but nobody answers on http://{agent}: {e.Message} Restart it if the configuration was changed; else see its log.");
        }
    }
}
