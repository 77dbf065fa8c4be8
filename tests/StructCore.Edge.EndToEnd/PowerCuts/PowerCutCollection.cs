namespace StructCore.Tests.PowerCuts;

/// <summary>Power cuts and refusals of remote updates: one after the other, one table.</summary>
[CollectionDefinition(Name)]
public sealed class PowerCutCollection : ICollectionFixture<PowerCutSheet>, ICollectionFixture<Releases>
{
    public const string Name = "powercuts";
}
