using System.Text.Json;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.Faults;

/// <summary>Goes through everything the PLC sent, heard and finds in the store and its ledger, and counts what must not be.</summary>
internal sealed class Audit
{
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(2);
    private readonly Plc _plc;
    private readonly IReadOnlyList<DateTimeOffset> _brokerEnds;
    private readonly List<string> _findings = [];
    private readonly ILookup<string?, InspectionRecord>? _records;
    private readonly HashSet<string> _unanswered = [];
    private int _lost;
    private int _late;
    private int _wrong;

    /// <param name="plc">Sent the triggers and heard the answers.</param>
    /// <param name="storePath">The store of an agent that has ended; null where the fault is that it cannot be read.</param>
    /// <param name="brokerEnds">When the broker was ended: what it acknowledged right before, it may keep until that has expired.</param>
    public Audit(Plc plc, string? storePath, params IReadOnlyList<DateTimeOffset> brokerEnds)
    {
        (_plc, _brokerEnds) = (plc, brokerEnds);
        if (storePath is not null)
        {
            using var store = Structcore.Adapters.OpenStore(storePath, TimeProvider.System);
            _records = store.Records(0, int.MaxValue).ToLookup(r => Text(r.Trigger.TriggerId));
            foreach (var broken in LedgerVerifier.Verify(store, default).Breaks)
            {
                _wrong++;
                _findings.Add($"The ledger is broken: {broken}");
            }

            _unanswered = [.. store.Unanswered().Select(t => Text(t.TriggerId)!)];
        }
    }

    /// <summary>What was found, one sentence each.</summary>
    public IReadOnlyList<string> Findings => _findings;

    public FaultTally Count(int tried, int triggers, IReadOnlyCollection<SentTrigger> sent)
    {
        foreach (var trigger in sent)
        {
            CheckRecord(trigger);
            CheckTime(trigger);
            CheckReady(trigger);
        }

        foreach (var verdict in _plc.All("verdict").Concat(_plc.All("results")))
        {
            CheckDecision(verdict);
        }

        return new(tried, triggers, _lost, _late, _wrong);
    }

    private static string? Text(string token) => JsonSerializer.Deserialize<JsonElement>(token).ToString();

    private static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? value.ToString() : null;

    private void CheckRecord(SentTrigger trigger)
    {
        var acks = Of("ack", trigger);
        var results = Of("results", trigger);
        var numbers = results.Select(r => r.Body.GetProperty("seq").GetInt64()).Distinct().ToArray();
        var records = _records?[trigger.Id].ToArray() ?? [];
        if (_unanswered.Contains(trigger.Id) || records.Length > 0 || numbers.Length > 0 || acks.Any(a => Text(a.Body, "status") == "accepted"))
        {
            if (numbers.Length != 1 || (_records is not null && (records.Length != 1 || records[0].Sequence != numbers[0])))
            {
                Find(ref _lost, trigger, $"has {records.Length} records in the store and numbers {string.Join(", ", numbers)} on 'results'");
            }
        }
        else if (trigger.TakenAt is not null && acks.Length == 0)
        {
            Find(ref _lost, trigger, "was never answered");
        }

        foreach (var record in records)
        {
            // What the PLC was told is what was stored; or that storing failed, which is stored later as just that.
            var told = Of("verdict", trigger).Concat(results).Select(m => Text(m.Body, "verdict")).Where(v => v != "ERROR");
            if (told.Any(v => !string.Equals(v, record.Verdict.Decision.ToString(), StringComparison.OrdinalIgnoreCase)))
            {
                Find(ref _wrong, trigger, $"is {record.Verdict.Decision} in the store and something else for the PLC");
            }

            if (record.Delivered && Of("verdict", trigger).Length == 0 && !_brokerEnds.Any(end => record.DecidedAt <= end && record.DecidedAt > end - Notice))
            {
                Find(ref _wrong, trigger, "is noted as delivered, and the PLC has no verdict");
            }
        }
    }

    private void CheckTime(SentTrigger trigger)
    {
        var codes = _plc.Arrivals("verdict/code").Where(c => c.Body.GetString()!.StartsWith(trigger.Id + ";", StringComparison.Ordinal));
        foreach (var arrival in Of("verdict", trigger).Concat(codes).Where(a => a.At > trigger.DueAt))
        {
            Find(ref _late, trigger, $"has a verdict {(arrival.At - trigger.DueAt).TotalMilliseconds:F0} ms after its deadline: {arrival.Body}");
        }
    }

    // A station that says ready takes the next trigger, unless the fault happened in between; then it stops saying so.
    private void CheckReady(SentTrigger trigger)
    {
        foreach (var refusal in Of("ack", trigger).Where(a => trigger.Ready && Text(a.Body, "status") == "not_ready"))
        {
            if (!_plc.Arrivals("state").Any(s => !FaultCase.IsReady(s.Body) && s.At > trigger.SentAt - Notice && s.At < refusal.At + Notice))
            {
                Find(ref _wrong, trigger, $"was refused by a station that said and says ready: {refusal.Body}");
            }
        }
    }

    private void CheckDecision(JsonElement body)
    {
        var decision = Text(body, "verdict");
        var (score, threshold) = (Number(body, "score"), Number(body, "threshold"));
        var frame = Of("results", Text(body, "trigger_id")).Select(a => Text(a.Body, "frame_id")).FirstOrDefault();
        var right = decision switch
        {
            "ACCEPT" => score <= threshold && body.TryGetProperty("bank", out _) && frame?.Contains("bad", StringComparison.Ordinal) == false,
            "REJECT" => score > threshold && body.TryGetProperty("bank", out _) && frame?.Contains("good", StringComparison.Ordinal) == false,
            _ => decision == nameof(Decision.Error).ToUpperInvariant(),
        };
        if (!right)
        {
            _wrong++;
            _findings.Add($"The decision is not right for frame '{frame}': {body}");
        }
    }

    private static double? Number(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? value.GetDouble() : null;

    private Arrival[] Of(string topic, SentTrigger trigger) => Of(topic, trigger.Id);

    private Arrival[] Of(string topic, string? id) => id is null ? [] : [.. _plc.Arrivals(topic).Where(a => Plc.IsOf(a.Body, id))];

    private void Find(ref int count, SentTrigger trigger, string what)
    {
        count++;
        _findings.Add($"Trigger '{trigger.Id}' {what}. Its answers: {string.Join(" ", Of("ack", trigger).Select(a => a.Body))}");
    }
}
