using StructCore.Edge.Cameras;
using StructCore.Edge.Configuration;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>Opens every camera and takes one frame; not where an agent runs, whose cameras those are.</summary>
internal static class CameraCheck
{
    private static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(AgentOptions options, AdapterSet adapters, TimeProvider time, Findings findings, CancellationToken cancellationToken)
    {
        var agentRuns = StoreClaim.IsTaken(options.Store.Path);
        var factory = new CameraFactory(adapters, time);
        foreach (var camera in options.Cameras)
        {
            // A folder has no owner.
            if (agentRuns && camera.Kind != "folder")
            {
                findings.Warning($"Camera '{camera.Id}' is not tried: the running agent holds it and says on its state topic how it is. Stop the agent to try the camera from here.");
            }
            else
            {
                await TryAsync(camera, factory, time, findings, cancellationToken);
            }
        }
    }

    private static async Task TryAsync(CameraOptions options, CameraFactory factory, TimeProvider time, Findings findings, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(OpenTime + TimeSpan.FromMilliseconds(options.GrabTimeoutMs));
        try
        {
            await using var camera = factory.Create(options);
            var start = time.GetTimestamp();
            await camera.OpenAsync(limit.Token).WaitAsync(limit.Token);
            var opened = time.GetTimestamp();
            var grab = await camera.GrabAsync(limit.Token).WaitAsync(limit.Token);
            if (grab.Frame is { } frame)
            {
                findings.Ok($"Camera '{options.Id}': {frame.Image.Width} x {frame.Image.Height} pixels, opened in {time.GetElapsedTime(start, opened).TotalMilliseconds:F0} ms, frame after {time.GetElapsedTime(opened).TotalMilliseconds:F0} ms");
            }
            else
            {
                findings.Fail(grab.Failure!);
            }
        }
        catch (CameraException e)
        {
            findings.Fail(e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            findings.Fail($"Camera '{options.Id}': no frame from '{options.Source}' within {(OpenTime.TotalMilliseconds + options.GrabTimeoutMs) / 1000:F0} s. Check the camera's cable and power, and whether another program holds it.");
        }
    }
}
