using StructCore.Edge.Commands;
using StructCore.Edge.Simulation.Line;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Simulation.Demo;

/// <summary>One shift from nothing: rendered parts, fitted banks, a broker, the agent, a PLC, a summary.</summary>
internal sealed class DemoRun(AdapterSet adapters, TextWriter output, TimeProvider time)
{
    private const ulong ShiftSeed = 7;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(20);

    /// <returns>Whether every trigger got exactly one verdict and nothing was accepted without one.</returns>
    public async Task<bool> RunAsync(int parts, string results, bool keep, string backbone, CancellationToken cancellationToken)
    {
        output.WriteLine("StructCore.Edge demo. The parts are rendered by this program; broker, banks, agent and verdicts are real.");
        using var folders = new DemoFolders(results, keep);
        var station = new DemoStation(folders, adapters.ImageCodec);
        var plan = ShiftPlan.Create(parts, ShiftSeed);

        var products = Enum.GetValues<ProductKind>().Length;
        await StepAsync($"rendering {products} x {DemoStation.TrainingParts} good parts to learn from and {parts} for the shift", async () =>
        {
            await station.RenderTrainingAsync(cancellationToken);
            await station.RenderShiftAsync(plan, cancellationToken);
        });
        await StepAsync($"fitting {products} banks with backbone {Path.GetFileNameWithoutExtension(backbone)}", () => station.FitAsync(backbone, cancellationToken));

        var shift = await RunShiftAsync(station, folders, plan, backbone, cancellationToken);
        return Report(shift, folders, backbone);
    }

    private async Task<IReadOnlyList<ShiftLine>> RunShiftAsync(DemoStation station, DemoFolders folders, IReadOnlyList<PlannedPart> plan, string backbone, CancellationToken cancellationToken)
    {
        await using var broker = await LoopbackBroker.StartAsync(folders.Work, cancellationToken);
        station.WriteConfiguration(broker.Port, backbone);
        await using var agent = station.StartAgent();
        await using var bus = adapters.CreateMessageBus();
        var plc = new VirtualPlc(bus, new PlcOptions { Root = DemoStation.Root }, time);
        await plc.StartAsync(new BusConnection { Host = "127.0.0.1", Port = broker.Port, ClientId = "demo-plc", SessionExpiry = TimeSpan.Zero }, cancellationToken);
        await StepAsync($"starting the agent against mosquitto on 127.0.0.1:{broker.Port}", () => ReadyAsync(plc, agent, cancellationToken));

        output.WriteLine($"running a shift of {plan.Count} parts, {plan.Count(p => p.Defect is not null)} of them defective");
        output.WriteLine();
        output.WriteLine(ShiftTable.Header);
        var outcomes = new List<PartOutcome>();
        foreach (var part in plan)
        {
            var outcome = await plc.InspectAsync(new PartRequest($"part-{part.Number:0000}", part.NamesRecipe ? part.Category : null, part.AsksReply), cancellationToken);
            outcomes.Add(outcome);
            output.WriteLine(ShiftTable.Line(new ShiftLine(part, outcome, plc.Book(outcome.TriggerId))));
        }

        if (!await plc.SettleAsync(SettlePatience, cancellationToken))
        {
            output.WriteLine($"Not all records came on 'results' within {SettlePatience.TotalSeconds:0} s; see '{folders.AgentLog}'.");
        }

        return [.. plan.Zip(outcomes, (part, outcome) => new ShiftLine(part, outcome, plc.Book(outcome.TriggerId)))];
    }

    private static async Task ReadyAsync(VirtualPlc plc, ChildProcess agent, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = plc.WaitUntilReadyAsync(StartPatience, either.Token);
        var exited = agent.WaitForExitAsync(either.Token);
        var first = await Task.WhenAny(ready, exited);
        if (first == exited && exited.IsCompletedSuccessfully)
        {
            throw new CommandFailedException($"The agent ended with exit code {await exited} before it was ready. It said:{Environment.NewLine}{agent.Tail}");
        }

        try
        {
            await ready;
        }
        catch (TimeoutException e)
        {
            throw new CommandFailedException($"{e.Message} The agent said:{Environment.NewLine}{agent.Tail}", e);
        }
        finally
        {
            await either.CancelAsync();
        }
    }

    private bool Report(IReadOnlyList<ShiftLine> shift, DemoFolders folders, string backbone)
    {
        output.WriteLine();
        foreach (var line in ShiftSummary.Lines(shift))
        {
            output.WriteLine(line);
        }

        output.WriteLine($"overlays        {Directory.EnumerateFiles(folders.Evidence, "*.jpg", SearchOption.AllDirectories).Count()} in {folders.Evidence}");
        output.WriteLine($"agent's log     {folders.AgentLog}");
        var faults = shift.SelectMany(l => l.Faults()).ToArray();
        foreach (var fault in faults)
        {
            output.WriteLine($"FAULT           {fault}");
        }

        output.WriteLine();
        output.WriteLine(
            $"The parts are rendered and the backbone was {Path.GetFileNameWithoutExtension(backbone)}: this shows that the product runs, not how well it sees. " +
            "Real parts need DINOv2 ('scripts/structcore backbone fetch dinov2-base') or ResNet-18 ('scripts/structcore backbone resnet --onnx FILE --out models/resnet18.onnx').");
        return faults.Length == 0;
    }

    private async Task StepAsync(string what, Func<Task> step)
    {
        output.Write($"{what} ... ");
        output.Flush();
        var start = time.GetTimestamp();
        await step();
        output.WriteLine($"{time.GetElapsedTime(start).TotalSeconds:0.0} s");
    }
}
