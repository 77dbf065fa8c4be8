namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>Where packages come from: a server, or the broker.</summary>
internal abstract class PackageSource
{
    /// <summary>Appends what is missing to <paramref name="part"/>, from where it ends; returns once it has the whole package.</summary>
    /// <exception cref="UpdateRefusedException">Not to be had now, or more than the request allows.</exception>
    public abstract Task FetchAsync(PackageRequest request, PartialPackage part, CancellationToken cancellationToken);
}
