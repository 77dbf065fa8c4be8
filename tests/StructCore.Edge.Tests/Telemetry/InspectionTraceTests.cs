using System.Collections.Concurrent;
using System.Diagnostics;
using StructCore.Edge.Telemetry;

namespace StructCore.Tests.Telemetry;

public sealed class InspectionTraceTests : IDisposable
{
    private readonly string _station = Guid.NewGuid().ToString("N");
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public InspectionTraceTests()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "StructCore.Edge",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Record_Accepted_IsOneSpanWithAChildPerStageInTheirPlaces()
    {
        InspectionTrace.Record(Mine(Records.Accepted), TimeSpan.FromMilliseconds(10));
        var (whole, stages) = Trace();

        Assert.Equal(("inspection", "part 1", "accept", ActivityStatusCode.Unset), (whole.OperationName, whole.GetTagItem("structcore.trigger_id"), whole.GetTagItem("structcore.decision"), whole.Status));
        Assert.Equal((Records.Received.UtcDateTime, TimeSpan.FromMilliseconds(90)), (whole.StartTimeUtc, whole.Duration));
        Assert.Equal(
            [("queue", 0, 1), ("grab", 1, 2), ("features", 3, 30), ("score", 33, 4), ("store", 75, 5), ("publish", 80, 10)],
            stages.Select(s => (s.OperationName, (int)(s.StartTimeUtc - whole.StartTimeUtc).TotalMilliseconds, (int)s.Duration.TotalMilliseconds)));
        Assert.All(stages, s => Assert.Equal(whole.SpanId, s.ParentSpanId));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Record_Error_SaysWhyAndEndsWhereItCameTo()
    {
        InspectionTrace.Record(Mine(Records.Failed), TimeSpan.Zero);
        var (whole, stages) = Trace();

        Assert.Equal((ActivityStatusCode.Error, "deadline_missed: no verdict in time"), (whole.Status, whole.StatusDescription));
        Assert.Equal("deadline_missed", whole.GetTagItem("structcore.reason"));
        Assert.Equal(["queue"], stages.Select(s => s.OperationName));
    }

    private Edge.Storage.InspectionRecord Mine(Edge.Storage.InspectionRecord record) => record with { Trigger = record.Trigger with { Station = _station } };

    // Other tests inspect at the same time.
    private (Activity Whole, Activity[] Stages) Trace()
    {
        var whole = _ended.Single(a => Equals(a.GetTagItem("structcore.station"), _station));
        return (whole, [.. _ended.Where(a => a.TraceId == whole.TraceId && a != whole).OrderBy(a => a.StartTimeUtc)]);
    }
}
