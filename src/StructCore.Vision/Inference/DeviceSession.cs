using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using StructCore.Vision.Features;
using StructCore.Vision.Onnx;

namespace StructCore.Vision.Inference;

/// <summary>A session whose inputs and outputs are bound tensors, on the device that runs it.</summary>
/// <remarks>Not thread-safe; used from one <see cref="DeviceThread"/>.</remarks>
internal sealed class DeviceSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtMemoryInfo _memory;
    private readonly OrtAllocator? _allocator;

    public DeviceSession(InferenceSession session, ExtractorOptions options)
    {
        (_session, IsHost) = (session, options.Provider == ExecutionProvider.Cpu);
        _memory = IsHost ? OrtMemoryInfo.DefaultInstance : new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, options.Device, OrtMemType.Default);
        _allocator = IsHost ? null : new OrtAllocator(session, _memory);
    }

    /// <summary>Whether the device is the processor, which reads host memory where it lies.</summary>
    public bool IsHost { get; }

    public static DeviceSession Open(ModelProto model, ExtractorOptions options) => new(OnnxSession.Open(model, options), options);

    public OrtIoBinding Bind() => _session.CreateIoBinding();

    /// <summary>A float tensor on the device, not initialised.</summary>
    public OrtValue Allocate(params long[] shape) => OrtValue.CreateAllocatedTensorValue(_allocator ?? OrtAllocator.DefaultInstance, TensorElementType.Float, shape);

    /// <summary>The first part of a float tensor of this device under another shape; valid as long as <paramref name="whole"/> is.</summary>
    public unsafe OrtValue View(OrtValue whole, params long[] shape)
    {
        // Only its address is taken: what lies on a GPU cannot be read from here.
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(whole.GetTensorMutableRawData()));
        return OrtValue.CreateTensorValueWithData(_memory, TensorElementType.Float, shape, address, shape.Aggregate((long)sizeof(float), (a, b) => a * b));
    }

    /// <exception cref="OperationCanceledException">Given up between two nodes of the graph.</exception>
    public void Run(OrtIoBinding binding, int graphId = 0, CancellationToken cancellationToken = default)
    {
        // Options of its own: what is set there ends every run that uses them.
        using var run = new RunOptions();
        if (graphId > 0)
        {
            run.AddRunConfigEntry("gpu_graph_id", graphId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        using var giveUp = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            _session.RunWithBinding(run, binding);
        }
        catch (OnnxRuntimeException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The inference was given up.", e, cancellationToken);
        }
    }

    public void Dispose()
    {
        _allocator?.Dispose();
        if (!IsHost)
        {
            _memory.Dispose();
        }

        _session.Dispose();
    }
}
