using StructCore.Edge.Configuration;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>Looks at everything the agent will need, without disturbing one that runs. Every check has its time and cannot harm the others.</summary>
/// <param name="report">Called for every finding, as it is made.</param>
internal sealed class Doctor(AdapterSet adapters, TimeProvider time, Action<Finding> report)
{
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(60);

    /// <param name="file">The configuration; null looks where <c>run</c> does.</param>
    public async Task RunAsync(string? file, CancellationToken cancellationToken)
    {
        AgentConfiguration? configuration = null;
        await CheckAsync("configuration", (findings, _) =>
        {
            configuration = ConfigurationCheck.Run(file, findings);
            return Task.CompletedTask;
        }, cancellationToken);
        var options = configuration?.Options;
        await CheckAsync("program", (findings, _) => ProgramCheck.RunAsync(adapters, options, findings), cancellationToken);
        await CheckAsync("clock", (findings, _) => ClockCheck.RunAsync(time, findings), cancellationToken);
        if (options is null)
        {
            return;
        }

        await CheckAsync("permissions", (findings, _) => PermissionCheck.RunAsync(configuration!, findings), cancellationToken);
        await CheckAsync("disk", (findings, _) => DiskCheck.RunAsync(options, findings), cancellationToken);
        await CheckAsync("store", (findings, stop) => RecordsCheck.RunAsync(options, adapters, findings, stop), cancellationToken);
        await CheckAsync("banks", (findings, _) => BankCheck.RunAsync(options, adapters, time, findings), cancellationToken);
        await CheckAsync("updates", (findings, stop) => UpdateCheck.RunAsync(options, adapters, time, findings, stop), cancellationToken);
        await CheckAsync("cameras", (findings, stop) => CameraCheck.RunAsync(options, adapters, time, findings, stop), cancellationToken);
        await CheckAsync("http", (findings, stop) => HttpCheck.RunAsync(options, findings, stop), cancellationToken);
        await CheckAsync("broker", (findings, stop) => BrokerCheck.RunAsync(options, adapters, time, findings, stop), cancellationToken);
    }

    private async Task CheckAsync(string name, Func<Findings, CancellationToken, Task> check, CancellationToken cancellationToken)
    {
        var findings = new Findings(name, report);
        using var longest = new CancellationTokenSource(LongestCheck, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, longest.Token);
        try
        {
            await Task.Run(() => check(findings, limit.Token), limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            findings.Fail($"The check did not end within {LongestCheck.TotalSeconds:F0} s: what it waited for hangs. See the line before this one for how far it came.");
        }
        catch (Exception e)
        {
            // The boundary of one check: the others go on.
            findings.Fail($"The check itself broke off, {e.GetType().Name}: {e.Message}");
        }
    }
}
