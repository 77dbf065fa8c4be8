using System.Numerics.Tensors;
using StructCore.Vision.Features;

namespace StructCore.Tests.Features;

/// <summary>SPEC 3 as it is written: unit vectors per layer, side by side, projected.</summary>
internal static class NaiveFuse
{
    /// <summary>[layers, rows, width] to [rows, outputWidth].</summary>
    public static float[] Project(float[] values, int layers, int rows, int width, int outputWidth, ulong seed)
    {
        var projection = new RandomProjection(layers * width, outputWidth, seed);
        var concatenated = new float[values.Length];
        for (var r = 0; r < rows; r++)
        {
            for (var l = 0; l < layers; l++)
            {
                var patch = values.AsSpan(((l * rows) + r) * width, width);
                TensorPrimitives.Divide(patch, MathF.Max(TensorPrimitives.Norm<float>(patch), 1e-12f), concatenated.AsSpan(((r * layers) + l) * width, width));
            }
        }

        var fused = new float[rows * outputWidth];
        projection.Project(concatenated, rows, fused);
        return fused;
    }
}
