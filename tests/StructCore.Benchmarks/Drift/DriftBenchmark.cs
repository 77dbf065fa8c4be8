using System.CommandLine;
using System.Globalization;
using StructCore.Edge.Drift;
using StructCore.Edge.Native;
using StructCore.Tests.Drift;
using StructCore.Vision.Calibration;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;

namespace StructCore.Benchmarks.Drift;

/// <summary>At which light of an ageing lamp drift is suspected, and at which the false rejects double: <c>StructCore.Benchmarks drift</c>. The good images of a set are split anew each time.</summary>
internal static class DriftBenchmark
{
    private const int PartsPerStep = 1000;
    private const double ProductionShare = 0.4;
    private const int Runs = 20;

    private static readonly double[] Lights = [1, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];

    public static int Run(IReadOnlyList<string> arguments)
    {
        var images = new Option<string>("--images") { Description = "MVTec's layout", Required = true };
        var backbone = new Option<string>("--backbone") { Description = "ONNX file", Required = true };
        var splits = new Option<int>("--splits") { Description = "how often the good images are split", DefaultValueFactory = _ => 3 };
        var falseReject = new Option<double>("--false-reject") { Description = "of the calibration", DefaultValueFactory = _ => 0.02 };
        var heldOut = new Option<double>("--held-out") { Description = "share of the images to calibrate on that the bank is not fitted from; 0: as fit does where nothing is said", DefaultValueFactory = _ => 0 };
        var command = new RootCommand("When drift is suspected under a lamp that loses light") { images, backbone, splits, falseReject, heldOut };
        command.SetAction((parsed, stopping) => Task.Run(
            () =>
            {
                using var extractor = OnnxFeatureExtractor.Open(parsed.GetRequiredValue(backbone), new ExtractorOptions { Threads = 1 });
                foreach (var product in ImageFolder.Open(parsed.GetRequiredValue(images), []))
                {
                    Measure(product, extractor, parsed.GetValue(splits), parsed.GetValue(falseReject), parsed.GetValue(heldOut), stopping);
                }

                return 0;
            },
            stopping));
        return command.Parse(arguments).Invoke();
    }

    private static void Measure(ProductImages product, OnnxFeatureExtractor extractor, int splits, double falseReject, double heldOut, CancellationToken stopping)
    {
        var (codec, drift, random) = (new NativeAdapterSet().ImageCodec, new DriftOptions(), new Random(1));
        string[] pool = [.. product.Train.Concat(product.Test.Where(t => !t.Defective).Select(t => t.Path)).Order(StringComparer.Ordinal)];
        var (production, others) = ((int)(ProductionShare * pool.Length), (int)(heldOut * pool.Length));
        var (rejects, alarms, falseAlarms, parts) = (new double[Lights.Length], new List<int>(), 0, 0);
        for (var split = 0; split < splits; split++)
        {
            random.Shuffle(pool);
            string[] train = [.. pool.Skip(production + others).Order(StringComparer.Ordinal)];
            var options = new FitOptions { Frame = product.DefaultFrame, Rule = ThresholdRule.Conformal(falseReject) };
            options = others > 0 ? options with { Method = CalibrationMethod.HeldOut } : options;
            var bank = new BankFitter(codec, extractor, options).Fit(product.Category, train, pool[production..(production + others)], cancellationToken: stopping);
            var lamp = new LampAgeing(bank, new HeldOutScorer(extractor, bank), codec, pool[..production], Lights);
            for (var step = 0; step < Lights.Length; step++)
            {
                rejects[step] += lamp.FalseRejects(step) / splits;
            }

            for (var run = 0; run < Runs; run++)
            {
                // Each part once: repeated ones would be compared as if they were as many.
                var order = Enumerable.Range(0, production).ToArray();
                random.Shuffle(order);
                falseAlarms += lamp.FirstAlarm(order.Select(image => (0, image)), Math.Min(drift.Window, production), drift.PartsPerFalseAlarm) is null ? 0 : 1;
                parts += production;
                var ramp = Enumerable.Range(0, PartsPerStep * Lights.Length).Select(part => (part / PartsPerStep, random.Next(production)));
                alarms.Add((lamp.FirstAlarm(ramp, drift.Window, drift.PartsPerFalseAlarm) ?? int.MaxValue) / PartsPerStep);
            }
        }

        alarms.Sort();
        var doubled = Array.FindIndex(rejects, r => r >= 2 * Math.Max(rejects[0], falseReject));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{product.Category}: false rejects {string.Join(" ", Lights.Zip(rejects, (l, r) => $"{l:P0}: {r:P1}"))}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  suspected at {Light(alarms[0])} of the light at the earliest, {Light(alarms[alarms.Count / 2])} in the median, {Light(alarms[^1])} at the latest ({alarms.Count} ramps); false rejects have doubled at {Light(doubled)}"));
        Console.WriteLine($"  no change: {falseAlarms} alarms in {splits * Runs} runs of {parts} parts together");
    }

    private static string Light(int step) => step >= 0 && step < Lights.Length ? Lights[step].ToString("P0", CultureInfo.InvariantCulture) : "none";
}
