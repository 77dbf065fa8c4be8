using LiteDB;

namespace StructCore.Tests.LiteDb;

/// <summary>What happens to a store's files behind the store's back.</summary>
internal static class LiteDbFiles
{
    public const int PageBytes = 8192;

    public static string Journal(string path) => path + ".journal";

    /// <summary>What a killed process leaves behind of a store in use: the file and its journal.</summary>
    public static string CopyAsAfterAKill(string path, string copy)
    {
        File.Copy(path, copy);
        if (File.Exists(Journal(path)))
        {
            File.Copy(Journal(path), Journal(copy));
        }

        return copy;
    }

    /// <summary>What LiteDB's own tools do to a closed store.</summary>
    public static void Change(string path, Action<LiteDatabase> change)
    {
        using var database = new LiteDatabase(path);
        change(database);
        database.Checkpoint();
    }

    public static byte[] Bytes(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static void Overwrite(string path, long position, int count)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = position;
        file.Write(Enumerable.Repeat((byte)0xEE, count).ToArray());
    }
}
