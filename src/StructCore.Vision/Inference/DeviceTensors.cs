using Microsoft.ML.OnnxRuntime;

namespace StructCore.Vision.Inference;

/// <summary>Inputs of a session that stay bound, with the tensors that hold them: on a GPU its own copy, made once; on the processor our memory, which must live as long.</summary>
internal sealed class DeviceTensors(DeviceSession session) : IDisposable
{
    private readonly List<OrtValue> _held = [];

    public OrtIoBinding Binding { get; } = session.Bind();

    /// <summary>Binds host values for good.</summary>
    public void Hold<T>(string name, T[] values, params long[] shape)
        where T : unmanaged
    {
        var tensor = OrtValue.CreateTensorValueFromMemory(values, shape);
        Binding.BindInput(name, tensor);
        if (session.IsHost)
        {
            _held.Add(tensor);
            return;
        }

        // Binding has copied them to the device; once that is over, nobody needs ours.
        Binding.SynchronizeBoundInputs();
        tensor.Dispose();
    }

    public void Dispose()
    {
        Binding.Dispose();
        _held.ForEach(t => t.Dispose());
    }
}
