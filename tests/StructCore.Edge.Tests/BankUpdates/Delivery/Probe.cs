namespace StructCore.Tests.BankUpdates.Delivery;

/// <summary>Progress that is heard at once, on the thread that makes it.</summary>
internal sealed class Probe(Action<long> heard) : IProgress<long>
{
    public void Report(long value) => heard(value);
}
