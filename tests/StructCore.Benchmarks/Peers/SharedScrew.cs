namespace StructCore.Benchmarks.Peers;

/// <summary>Real images and a real network, which are not part of the project: rows that need them are left out where they are not beside the checkout.</summary>
internal static class SharedScrew
{
    public static string Network { get; } = Shared("models/resnet18-imagenet-l3.onnx");

    public static string GoodImages { get; } = Shared("data/screw/train/good");

    public static string TestImages { get; } = Shared("data/screw/test/good");

    public static bool Exists => File.Exists(Network) && Directory.Exists(GoodImages) && Directory.Exists(TestImages);

    // artifacts/bin/NAME/release lies four folders below the checkout.
    private static string Shared(string path) => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../shared", path));
}
