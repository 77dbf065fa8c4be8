namespace StructCore.Edge.Storage;

/// <summary>A folder, or where it will be made: the nearest one above it that is there.</summary>
internal static class NearestFolder
{
    public static string Of(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }

        return folder;
    }
}
