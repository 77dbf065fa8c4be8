using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StructCore.Benchmarks.Peers;

/// <summary>The Python process that holds the peers, asked line by line; it times its own work, so that neither start nor pipe is measured.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly string _result;

    /// <summary>Starts <paramref name="python"/> with the peers; <paramref name="folder"/> holds input and result files.</summary>
    public PeerProcess(string python, string folder)
    {
        (_folder, _result) = (folder, Path.Combine(folder, "result"));
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Peers", "peers.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var variable in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
        {
            start.Environment[variable] = Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"Python '{python}' does not start.");
    }

    /// <summary>Reads the input of <paramref name="work"/>; returns the Python module that is missing for it, if one is.</summary>
    public string? Prepare(PeerWork work) =>
        (string?)Ask(new { @do = "prepare", peer = work.Peer, folder = _folder, sizes = work.Sizes })["missing"];

    /// <summary>Repeats the work for a while; the median in milliseconds and the last result.</summary>
    public (double Milliseconds, float[] Result) Run(TimeSpan round)
    {
        var answer = Ask(new { @do = "run", seconds = round.TotalSeconds, result = _result });
        return ((double)answer["ms"]!, MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(_result)).ToArray());
    }

    public void Dispose()
    {
        // The end of its input ends the process.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private JsonNode Ask(object command)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(command));
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The peers' process has ended; what it says stands above.");
        return JsonNode.Parse(answer)!;
    }
}
