using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using StructCore.Benchmarks.Adapters;
using StructCore.Benchmarks.Drift;
using StructCore.Benchmarks.Growth;
using StructCore.Benchmarks.Inspection;
using StructCore.Benchmarks.Peers;

if (args is ["overhead", .. var options])
{
    return await OverheadBenchmark.RunAsync(options);
}

if (args is ["memory", .. var memory])
{
    return await MemoryBenchmark.RunAsync(memory);
}

if (args is ["stations", .. var stations])
{
    return await StationsBenchmark.RunAsync(stations);
}

if (args is ["peers", .. var peers])
{
    return PeersBenchmark.Run(peers);
}

if (args is ["growth", .. var growth])
{
    return GrowthBenchmark.Run(growth);
}

if (args is ["drift", .. var drift])
{
    return DriftBenchmark.Run(drift);
}

if (args is ["adapters", .. var adapters])
{
    return await AdaptersBenchmark.RunAsync(adapters);
}

// In this process: the generated project of the default toolchain does not find a solution that builds into artifacts/.
var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(OverheadBenchmark).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
return 0;
