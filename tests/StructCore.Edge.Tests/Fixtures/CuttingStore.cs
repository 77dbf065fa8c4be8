using System.Reflection;
using StructCore.Edge.Storage;

namespace StructCore.Tests;

/// <summary>A store that works only while there is power; before and after each transaction of an update it may end.</summary>
internal class CuttingStore : DispatchProxy
{
    private static readonly string[] Transactions = [nameof(IInspectionStore.SaveStanding), nameof(IInspectionStore.AddBankEvent), nameof(IInspectionStore.SaveTrustDocument), nameof(IInspectionStore.SaveCalibration)];

    private PowerSupply _power = null!;
    private IInspectionStore _store = null!;

    public static IInspectionStore Wrap(IInspectionStore store, PowerSupply power)
    {
        var proxy = Create<IInspectionStore, CuttingStore>();
        ((CuttingStore)(object)proxy)._power = power;
        ((CuttingStore)(object)proxy)._store = store;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var name = targetMethod!.Name;
        if (name == nameof(IDisposable.Dispose))
        {
            return Call();
        }

        if (!Transactions.Contains(name))
        {
            // The inspections' own threads know how to bear a store that fails; what is tested here is the update.
            return _power.IsOff ? throw new InspectionStoreException("the power is gone") : Call();
        }

        _power.Step($"before {name}");
        var result = Call();
        _power.Step($"after {name}");
        return result;

        object? Call() => targetMethod.Invoke(_store, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
    }
}
