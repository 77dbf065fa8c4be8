namespace StructCore.Tests.Faults;

/// <summary>All fault tests: one after the other, one table.</summary>
[CollectionDefinition(Name)]
public sealed class FaultCollection : ICollectionFixture<FaultSheet>
{
    public const string Name = "faults";

    /// <summary>How often a fault is tried: once in the short run of every change, more often with <c>--full</c>.</summary>
    public static int Times(int full) => IsFull ? full : 1;

    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("STRUCTCORE_FULL") == "1";
}
