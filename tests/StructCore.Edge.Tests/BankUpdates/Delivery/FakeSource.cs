using StructCore.Edge.BankUpdates.Delivery;

namespace StructCore.Tests.BankUpdates.Delivery;

/// <summary>Has bytes and gives those that are missing, or does what a test wants.</summary>
internal sealed class FakeSource(Func<PartialPackage, Task> give) : PackageSource
{
    public FakeSource(byte[] content)
        : this(part =>
        {
            part.Append(content.AsSpan((int)part.Length));
            return Task.CompletedTask;
        })
    {
    }

    /// <summary>How much was there at each call.</summary>
    public List<long> Asked { get; } = [];

    public override Task FetchAsync(PackageRequest request, PartialPackage part, CancellationToken cancellationToken)
    {
        Asked.Add(part.Length);
        return give(part);
    }
}
