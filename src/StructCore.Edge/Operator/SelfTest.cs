using StructCore.Edge.Inspection;
using StructCore.Edge.Telemetry;

namespace StructCore.Edge.Operator;

/// <summary><c>self_test</c>: the station's self-check, and a blank frame through the extractor and every bank.</summary>
internal sealed class SelfTest(SelfCheck check, InspectionPipeline pipeline)
{
    public async Task<CommandReply> RunAsync(CancellationToken cancellationToken)
    {
        var items = check.Run();
        var rehearsal = await pipeline.RehearseAsync(pipeline.Banks, cancellationToken);
        var failures = items.Where(i => i.Failure is not null).Select(i => $"{i.Name}: {i.Failure}").Concat(rehearsal.Failures).ToArray();
        var report = new SelfTestReport(items, rehearsal.FeaturesMs, rehearsal.Banks);
        return failures.Length == 0 ? new(CommandStatus.Done, null, report) : new(CommandStatus.Failed, $"self_test_failed: {string.Join("; ", failures)}", report);
    }
}
