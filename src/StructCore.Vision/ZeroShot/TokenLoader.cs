namespace StructCore.Vision.ZeroShot;

/// <summary>Reads the tokens of one layer from the spool and aggregates them, with buffers of its own.</summary>
/// <remarks>For one thread.</remarks>
internal sealed class TokenLoader(TokenSpool spool, int layer, int degree)
{
    private readonly float[] _tokens = new float[spool.Patches * spool.Width(layer)];
    private readonly float[] _scratch = new float[spool.Patches * spool.Width(layer)];

    /// <summary>LNAMD of one image into <paramref name="aggregated"/>, [patches, width].</summary>
    public void Load(int image, Span<float> aggregated)
    {
        spool.Read(image, layer, _tokens);
        Neighbourhoods.Aggregate(_tokens, spool.GridHeight, spool.GridWidth, degree, _scratch, aggregated);
    }
}
