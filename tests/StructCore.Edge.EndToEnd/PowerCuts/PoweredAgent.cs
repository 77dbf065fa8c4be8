using Microsoft.Extensions.Logging;
using StructCore.Edge;
using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.Configuration;

namespace StructCore.Tests.PowerCuts;

/// <summary>The whole agent in this process, on a disk and a store that need power.</summary>
internal sealed class PoweredAgent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly PowerSupply _power;
    private readonly PoweredAdapters _adapters;
    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggerFactory _logs = LoggerFactory.Create(_ => { });
    private readonly Agent? _agent;

    public PoweredAgent(string configuration, PowerSupply power, UpdateFiles disk)
    {
        (_power, _adapters) = (power, new PoweredAdapters(power));
        try
        {
            _agent = Agent.Open(AgentConfiguration.Load(configuration), _adapters, TimeProvider.System, _logs, new CuttingFiles(power, disk));
            Ended = _agent.RunAsync(_stop.Token);
        }
        catch (Exception e) when (e is PowerCutException or InvalidConfigurationException && power.IsOff)
        {
            Ended = Task.CompletedTask;
        }
    }

    /// <summary>The agent has ended, of itself or because it was stopped.</summary>
    public Task Ended { get; }

    /// <summary>Stops it politely; without power, as far as it goes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Ended.WaitAsync(Patience);
        }
        catch (Exception e) when (e is not TimeoutException && _power.IsOff)
        {
            // What it still tried without power does not matter: nothing changed the disk.
        }

        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        _adapters.Dispose();
        _logs.Dispose();
        _stop.Dispose();
    }
}
