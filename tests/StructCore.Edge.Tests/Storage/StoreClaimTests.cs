using StructCore.Edge.Storage;

namespace StructCore.Tests.Storage;

public sealed class StoreClaimTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("structcore-claim-").FullName;

    private string Store => Path.Combine(_folder, "store.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Take_Twice_IsRefusedUntilTheFirstLetsGo()
    {
        using (StoreClaim.Take(Store))
        {
            Assert.True(StoreClaim.IsTaken(Store));
            Assert.StartsWith($"Another agent works with the inspection store '{Store}'.", Assert.Throws<InspectionStoreException>(() => StoreClaim.Take(Store)).Message, StringComparison.Ordinal);
        }

        Assert.False(StoreClaim.IsTaken(Store));
        StoreClaim.Take(Store).Dispose();
    }

    [Fact]
    public void IsTaken_NoAgentWasEverThere_IsFalseAndLeavesNothing()
    {
        Assert.False(StoreClaim.IsTaken(Store));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Take_FolderCannotBeMade_NamesItAndTheRemedy() =>
        Assert.Contains("Check that the folder exists", Assert.Throws<InspectionStoreException>(() => StoreClaim.Take("/proc/no/store.db")).Message, StringComparison.Ordinal);
}
