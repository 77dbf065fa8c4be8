namespace StructCore.Vision.Features;

/// <summary>Numbers a backbone computes in. Features, distances, maps and scores are float32 whatever it is.</summary>
public enum Precision
{
    /// <summary>float32; TensorFloat32 is off.</summary>
    Fp32,

    /// <summary>Matrix products and what lies between them in float16, norms and all that follows them in float32. The processor only emulates it, value for value.</summary>
    Fp16,

    /// <summary>float32 whose matrix products round their factors to 10 bits, on the GPUs that can; float32 elsewhere.</summary>
    Tf32,
}
