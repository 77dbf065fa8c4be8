using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.Storage;

/// <summary>What every inspection store must do against a real file.</summary>
public abstract partial class InspectionStoreContract : IDisposable
{
    // 100 ns past a second: stores must keep every digit.
    private protected static readonly DateTimeOffset Noon = new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567);

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("structcore-store-").FullName;

    private protected string StorePath => Path.Combine(Folder, "sub", "station.db");

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Open_NewFile_IsEmptyAndCreatesTheFolder()
    {
        using var store = Open(StorePath);
        Assert.Empty(store.Unanswered());
        Assert.Empty(store.Outbox(10));
        Assert.Null(store.Find("s", "1", "a"));
        Assert.Empty(store.Calibrations("cap"));
        Assert.True(File.Exists(StorePath));
    }

    [Fact]
    public void AgentEpoch_EveryStart_Grows()
    {
        for (var i = 1; i <= 3; i++)
        {
            using var store = Open(StorePath);
            Assert.Equal(i, store.NextAgentEpoch());
        }
    }

    [Fact]
    public void TryAccept_SameKey_IsRefusedAndTheFirstStays()
    {
        using var store = Open(StorePath);
        Assert.True(store.TryAccept(Trigger("a")));
        Assert.False(store.TryAccept(Trigger("a") with { PartId = "other" }));
        Assert.True(store.TryAccept(Trigger("a") with { PlcEpoch = "\"7\"" }));
        Assert.True(store.TryAccept(Trigger("a") with { Station = "s2" }));
        Assert.Equal([Trigger("a"), Trigger("a") with { PlcEpoch = "\"7\"" }, Trigger("a") with { Station = "s2" }], store.Unanswered());
    }

    [Fact]
    public void TryAccept_OptionalFieldsAbsent_AreNull()
    {
        using var store = Open(StorePath);
        var trigger = Trigger("a") with { PartId = null, Recipe = null, Camera = null };
        store.TryAccept(trigger);
        Assert.Equal(trigger, Assert.Single(store.Unanswered()));
    }

    [Fact]
    public void TryAccept_HostileText_IsOnlyText()
    {
        using var store = Open(StorePath);
        var trigger = Trigger("'); DROP TABLE inspection; --") with { PartId = "ü \0 \U0001F600" };
        Assert.True(store.TryAccept(trigger));
        Assert.Equal(trigger, Assert.Single(store.Unanswered()));
    }

    [Fact]
    public void Complete_FullRecord_ComesBackUnchanged()
    {
        InspectionRecord stored;
        using (var store = Open(StorePath))
        {
            store.TryAccept(Trigger("a"));
            stored = store.Complete(Full("a"));
            Assert.Equal(Full("a") with { Sequence = 1, PreviousHash = stored.PreviousHash, Hash = stored.Hash }, stored);
        }

        using var again = Open(StorePath);
        Assert.Equal(stored, again.Find("s", "7", "a"));
        Assert.Equal([stored], again.Outbox(10));
        Assert.Empty(again.Unanswered());
    }

    [Fact]
    public void Complete_Error_ComesBackWithoutScore()
    {
        using var store = Open(StorePath);
        store.TryAccept(Trigger("a"));
        var stored = store.Complete(new InspectionRecord(Trigger("a"), Verdict.Error("camera_timeout"), null, null, null, 3, Noon));
        Assert.Equal(stored, store.Find("s", "7", "a"));
        Assert.Null(stored.Verdict.Score);
        Assert.Equal(Decision.Error, stored.Verdict.Decision);
    }

    [Fact]
    public void Complete_NeverAccepted_IsRefused()
    {
        using var store = Open(StorePath);
        var failure = Assert.Throws<InspectionStoreException>(() => store.Complete(Full("a")));
        Assert.Contains("trigger 'a' (PLC epoch 7, station 's')", failure.Message, StringComparison.Ordinal);
        Assert.Empty(store.Outbox(10));
    }

    [Fact]
    public void Complete_AnsweredAlready_KeepsTheFirstVerdict()
    {
        using var store = Open(StorePath);
        store.TryAccept(Trigger("a"));
        var first = store.Complete(Full("a"));
        Assert.Throws<InspectionStoreException>(() => store.Complete(Full("a") with { Verdict = Verdict.Error("late") }));
        Assert.Equal(first, store.Find("s", "7", "a"));
        Assert.Equal([first], store.Outbox(10));
    }

    [Fact]
    public void Complete_NotStorable_LeavesTheTriggerUnanswered()
    {
        using var store = Open(StorePath);
        store.TryAccept(Trigger("a"));
        var record = Full("a");
        Assert.ThrowsAny<Exception>(() => store.Complete(record with { Verdict = record.Verdict with { Score = float.NaN } }));
        Assert.Single(store.Unanswered());
        Assert.Equal(1, store.Complete(record).Sequence);
    }

    [Fact]
    public void Outbox_SeveralRecords_InOrderAndLimited()
    {
        using var store = Open(StorePath);
        foreach (var id in new[] { "c", "a", "b" })
        {
            store.TryAccept(Trigger(id));
            store.Complete(Full(id));
        }

        Assert.Equal(["c", "a"], store.Outbox(2).Select(r => r.Trigger.TriggerId));
        Assert.Equal([1L, 2L, 3L], store.Outbox(10).Select(r => r.Sequence));
        Assert.Equal(3, store.OutboxSize());
        store.Acknowledge([1]);
        store.Acknowledge([1]);
        Assert.Equal(["a", "b"], store.Outbox(10).Select(r => r.Trigger.TriggerId));
        Assert.Equal(2, store.OutboxSize());
        Assert.NotNull(store.Find("s", "7", "c"));
    }

    [Fact]
    public void MarkDelivered_Record_ShowsInLaterReads()
    {
        using var store = Open(StorePath);
        store.TryAccept(Trigger("a"));
        store.TryAccept(Trigger("b"));
        store.MarkDelivered([store.Complete(Full("a")).Sequence]);
        store.Complete(Full("b"));
        Assert.Equal([true, false], store.Outbox(10).Select(r => r.Delivered));
        Assert.True(store.Find("s", "7", "a")!.Delivered);
        Assert.Throws<InspectionStoreException>(() => store.MarkDelivered([99]));
    }

    [Fact]
    public void Unanswered_AfterReopening_OldestFirst()
    {
        using (var store = Open(StorePath))
        {
            store.TryAccept(Trigger("z"));
            store.TryAccept(Trigger("m"));
            store.TryAccept(Trigger("a"));
            store.Complete(Full("m"));
        }

        using var again = Open(StorePath);
        Assert.Equal([Trigger("z"), Trigger("a")], again.Unanswered());
        Assert.Equal(2, again.Complete(Full("z")).Sequence);
    }

    [Fact]
    public void Calibrations_OneCategory_NewestFirst()
    {
        using var store = Open(StorePath);
        var first = new StoredCalibration("cap", 1, "aa", "{\"tau\": 1}", Noon);
        var second = new StoredCalibration("cap", 2, "bb", "{\"tau\": 2}", Noon.AddDays(-1));
        store.SaveCalibration(first);
        store.SaveCalibration(first with { Category = "nut" });
        store.SaveCalibration(second);
        Assert.Equal([second, first], store.Calibrations("cap"));
    }

    [Fact]
    public void Complete_ManyThreads_EachOnceAndNoGapInTheSequence()
    {
        using var store = Open(StorePath);
        var accepted = 0;
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var id = $"{i / 2}";
            if (store.TryAccept(Trigger(id)))
            {
                Interlocked.Increment(ref accepted);
                store.Complete(Full(id));
            }

            store.Outbox(3);
            store.Find("s", "7", id);
        });
        Assert.Equal(100, accepted);
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), store.Outbox(1000).Select(r => r.Sequence));
    }

    [Fact]
    public void Check_HealthyFile_Passes()
    {
        using var store = Open(StorePath);
        store.Check();
    }

    [Fact]
    public void Open_PathIsAFolder_SaysSo()
    {
        var failure = Assert.Throws<InspectionStoreException>(() => Open(Folder));
        Assert.Contains($"'{Folder}' failed at opening", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Check that it is a file, not a folder", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ParentIsAFile_SaysSo()
    {
        var file = Path.Combine(Folder, "file");
        File.WriteAllText(file, "");
        Assert.Contains("Check that the folder exists and that this user may write there", Assert.Throws<InspectionStoreException>(() => Open(Path.Combine(file, "station.db"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_FileDeleted_SaysSo()
    {
        using var store = Open(StorePath);
        File.Delete(StorePath);
        Assert.Contains("was deleted", Assert.Throws<InspectionStoreException>(store.Check).Message, StringComparison.Ordinal);
    }

    private protected static AcceptedTrigger Trigger(string id) => new("s", "7", id, "part-1", "cap", "top", Noon, Noon.AddMilliseconds(800));

    private protected static InspectionRecord Full(string id) => new(
        Trigger(id),
        new Verdict(Decision.Reject, "score above threshold")
        {
            Score = 0.1f,
            Threshold = float.Epsilon,
            PValue = 1 / 764f,
            Category = "cap",
            RouteDistance = 1 / 3f,
            Bank = new BankIdentity("cap", 3, "0123abcd"),
            Timings = new StageTimings(0.1, 1.5, 20.25, 3, 4, 1 / 3d),
        },
        "frame-9",
        Noon.AddTicks(1),
        FrameAgeMs: 12.25,
        AgentEpoch: 5,
        DecidedAt: Noon.AddTicks(-1));

    /// <summary>Accepts and answers a trigger.</summary>
    private protected static InspectionRecord Stored(IInspectionStore store, string id, Func<InspectionRecord, InspectionRecord>? change = null)
    {
        store.TryAccept(Trigger(id));
        return store.Complete(change is null ? Full(id) : change(Full(id)));
    }

    private protected abstract IInspectionStore Open(string path);

    private protected abstract IInspectionStore Read(string path);
}
