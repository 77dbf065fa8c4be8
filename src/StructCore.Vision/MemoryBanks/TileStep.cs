using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary>What a tile accumulates per dimension: a product or a squared difference. A type parameter, so that the JIT compiles each kernel whole. The estimate is one fused instruction where there is one, else two.</summary>
internal interface ITileStep
{
    static abstract Vector512<float> Add(Vector512<float> query, Vector512<float> row, Vector512<float> sum);

    static abstract Vector256<float> Add(Vector256<float> query, Vector256<float> row, Vector256<float> sum);

    static abstract Vector128<float> Add(Vector128<float> query, Vector128<float> row, Vector128<float> sum);
}

/// <summary>sum + query·row: fast, for projections and for ranking neighbours.</summary>
internal readonly struct DotStep : ITileStep
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> query, Vector512<float> row, Vector512<float> sum) => Vector512.MultiplyAddEstimate(query, row, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> query, Vector256<float> row, Vector256<float> sum) => Vector256.MultiplyAddEstimate(query, row, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> query, Vector128<float> row, Vector128<float> sum) => Vector128.MultiplyAddEstimate(query, row, sum);
}

/// <summary>sum + (query - row)²: no cancellation, for distances that are compared with each other.</summary>
internal readonly struct SquaredDifferenceStep : ITileStep
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> query, Vector512<float> row, Vector512<float> sum)
    {
        var difference = query - row;
        return Vector512.MultiplyAddEstimate(difference, difference, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> query, Vector256<float> row, Vector256<float> sum)
    {
        var difference = query - row;
        return Vector256.MultiplyAddEstimate(difference, difference, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> query, Vector128<float> row, Vector128<float> sum)
    {
        var difference = query - row;
        return Vector128.MultiplyAddEstimate(difference, difference, sum);
    }
}
