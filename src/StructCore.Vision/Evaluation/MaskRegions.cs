namespace StructCore.Vision.Evaluation;

/// <summary>The 8-connected regions of a mask.</summary>
internal static class MaskRegions
{
    /// <summary>Pixel indices y·width + x of every region.</summary>
    /// <param name="mask">[height, width], more than 0 means defective.</param>
    /// <param name="width">Columns.</param>
    public static List<List<int>> Find(ReadOnlySpan<byte> mask, int width)
    {
        var height = mask.Length / width;
        var seen = new bool[mask.Length];
        var regions = new List<List<int>>();
        for (var start = 0; start < mask.Length; start++)
        {
            if (mask[start] == 0 || seen[start])
            {
                continue;
            }

            seen[start] = true;
            var region = new List<int> { start };
            for (var next = 0; next < region.Count; next++)
            {
                var (y, x) = (region[next] / width, region[next] % width);
                for (var ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
                {
                    for (var nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
                    {
                        var neighbour = (ny * width) + nx;
                        if (mask[neighbour] != 0 && !seen[neighbour])
                        {
                            seen[neighbour] = true;
                            region.Add(neighbour);
                        }
                    }
                }
            }

            regions.Add(region);
        }

        return regions;
    }
}
