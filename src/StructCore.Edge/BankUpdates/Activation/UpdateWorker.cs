using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Works on messages about banks beside the inspections, one at a time but for those that wait for parts: what cannot be had now is tried again, everything else is final until something changes.</summary>
internal sealed class UpdateWorker(
    StationBanks banks, UpdateIntake intake, UpdateLane lane, TrustUpdate trust, CalibrationUpdate calibration, BankUpdate bank, BankGuard guard, BankShelf shelf, UpdateStates states, Instruments instruments, IInspectionStore store, ILogger<UpdateWorker> log)
{
    // A reason may quote what a stranger sent.
    private const int LongestReason = 2000;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(UpdateKind, string), int> _attempts = [];

    // Categories that an update is on its way in: the next message waits until it is through, superseded or not.
    private readonly ConcurrentDictionary<string, UpdateRequest> _busy = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var works = new List<Task>();
        try
        {
            while (true)
            {
                var request = await intake.TakeAsync(MayBegin, cancellationToken);
                _busy[request.Category] = request;
                await lane.EnterAsync(cancellationToken);
                works.RemoveAll(w => w.IsCompletedSuccessfully);
                works.Add(WorkAsync(request, cancellationToken));
            }
        }
        finally
        {
            await Task.WhenAll(works);
        }
    }

    // What is on probation is judged first: a newer bank must not become what it is measured by.
    private bool MayBegin(string category) => lane.IsFree && !_busy.ContainsKey(category) && !guard.Guards(category);

    private async Task WorkAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.Superseded);
            states.Begin(request.Kind, request.Category);
            var settlement = await TryAsync(request, stop.Token, cancellationToken);
            if (settlement.RetryIn is null)
            {
                _attempts.Remove((request.Kind, request.Category));
            }

            intake.Settle(request, settlement);
        }
        finally
        {
            _busy.TryRemove(request.Category, out _);
            lane.Leave();
        }
    }

    // The boundary of one update: whatever it holds, the station goes on inspecting, and does not take it up again after every start.
    private async Task<Settlement> TryAsync(UpdateRequest request, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(request, stop);
            shelf.Forget(banks.Station, request.Category);
            instruments.Updated(banks.Station, request.Kind, "taken");
            return new();
        }
        catch (OperationCanceledException) when (request.Superseded.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            shelf.Forget(banks.Station, request.Category);
            states.Change(request.Kind, request.Category, b => b with { Stage = UpdateStage.Idle, Reason = "superseded: another message came, or this one was cleared" });
            return new();
        }
        catch (UpdateRefusedException e) when (e.Refusal is UpdateRefusal.NotAvailable or UpdateRefusal.DiskFull)
        {
            return Retry(request, e.Refusal, e.Reason);
        }
        catch (UpdateRefusedException e)
        {
            return Refuse(request, e.Refusal, e.Reason);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InspectionStoreException)
        {
            return Retry(request, UpdateRefusal.NotAvailable, $"not_available: {e.Message}");
        }
        catch (Exception e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            log.UpdateFailed(e, banks.Station, request.Kind, request.Category);
            return Refuse(request, UpdateRefusal.Malformed, $"internal_error: {e.GetType().Name}, see the agent's log");
        }
    }

    private async Task RunAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        // A message may have come on the bus's own thread a moment ago.
        await Task.Yield();
        switch (request.Kind)
        {
            case UpdateKind.Trust:
                trust.Run(request);
                break;
            case UpdateKind.Calibration:
                await calibration.RunAsync(request, cancellationToken);
                break;
            default:
                await bank.RunAsync(request, cancellationToken);
                break;
        }
    }

    private Settlement Retry(UpdateRequest request, UpdateRefusal refusal, string reason)
    {
        var key = (request.Kind, request.Category);
        var attempt = _attempts[key] = _attempts.GetValueOrDefault(key) + 1;
        var delay = FirstRetry * Math.Pow(2, Math.Min(attempt - 1, 10));
        states.Change(request.Kind, request.Category, b => b with { Stage = UpdateStage.Waiting, Reason = reason });
        return new(refusal, delay < LastRetry ? delay : LastRetry);
    }

    // Stored, then told.
    private Settlement Refuse(UpdateRequest request, UpdateRefusal refusal, string reason)
    {
        reason = reason.Length <= LongestReason ? reason : reason[..LongestReason];
        shelf.Forget(banks.Station, request.Category);
        try
        {
            Record(states.Of(request.Kind, request.Category), reason);
        }
        catch (InspectionStoreException e)
        {
            log.NotStored(banks.Station, request.Category, e.Message);
        }

        states.Change(request.Kind, request.Category, b => b with { Stage = UpdateStage.Refused, Reason = reason });
        instruments.Updated(banks.Station, request.Kind, "refused");
        return new(refusal);
    }

    // The broker sends a message again after every start: that is one line of history, not one a day.
    private void Record(UpdateStateBody body, string reason)
    {
        var version = body.Calibration ?? body.Version ?? 0;
        var known = store.BankEvents(banks.Station, body.Category, 1) is [{ Kind: BankEventKind.Refused } last]
            && last.DocumentSha256 == body.DocumentSha256 && last.Version == version && ReasonCode.Of(last.Reason!) == ReasonCode.Of(reason);
        if (!known)
        {
            store.AddBankEvent(banks.Event(body.Category, BankEventKind.Refused, version, reason) with
            {
                SignedBy = body.SignedBy ?? [],
                DocumentSha256 = body.DocumentSha256,
                PackageSha256 = body.PackageSha256,
                Gates = body.Parity is null ? null : JsonSerializer.Serialize(new GateReports(body.Parity, body.Shadow), ContractJson.Readable.GateReports),
            });
        }
    }
}
