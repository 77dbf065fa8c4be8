namespace StructCore.Vision.Features;

/// <summary>What runs the backbone.</summary>
public enum ExecutionProvider
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through CUDA.</summary>
    Cuda,

    /// <summary>An NVIDIA GPU through TensorRT, with CUDA for what TensorRT leaves.</summary>
    TensorRt,
}
