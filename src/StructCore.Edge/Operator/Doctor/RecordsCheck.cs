using StructCore.Edge.Configuration;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>The inspection store, read only and also while an agent writes to it: the file, the chain of its records, what waits in it. None is made, since it would belong to whoever asks the doctor.</summary>
internal static class RecordsCheck
{
    public static Task RunAsync(AgentOptions options, AdapterSet adapters, Findings findings, CancellationToken cancellationToken)
    {
        var path = options.Store.Path;
        if (!File.Exists(path))
        {
            findings.Ok($"'{path}' is not there yet, the agent makes it at its first start");
            return Task.CompletedTask;
        }

        try
        {
            var check = StoreExamination.Run(adapters, path, cancellationToken);
            foreach (var damage in check.Damage)
            {
                findings.Fail($"'{path}' is damaged: {damage}. Stop the agent, move the file away with the files beside it whose names begin with its own, put the last backup in its place, and check the disk.");
            }

            foreach (var place in check.Ledger?.Breaks ?? [])
            {
                findings.Fail($"The chain of records does not hold: {place.Text} Compare with a backup or with what was published on 'results'; 'structcore ledger verify' lists every place.");
            }

            if (check.Sound)
            {
                findings.Ok($"'{path}' is sound: {check.Bytes >> 10} KiB, {check.Ledger!.Records} records, the newest {check.Ledger.Head}, {check.Unanswered} triggers without a verdict");
            }
        }
        catch (InspectionStoreException e)
        {
            findings.Fail(e.Message);
        }

        return Task.CompletedTask;
    }
}
