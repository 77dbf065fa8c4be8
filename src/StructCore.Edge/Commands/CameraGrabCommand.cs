using System.CommandLine;
using System.Globalization;
using StructCore.Edge.Cameras;
using StructCore.Edge.Configuration;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Commands;

/// <summary><c>camera grab</c>: one frame of a configured camera, with what it took to get it.</summary>
internal static class CameraGrabCommand
{
    public static Command Create()
    {
        var config = RunCommand.CreateConfigOption();
        var camera = new Option<string>("--camera") { HelpName = "ID", Description = "The camera's Id in the configuration", Required = true };
        var target = new Option<FileInfo>("--out") { HelpName = "FILE.png", Description = "Where to write the frame", Required = true };
        var command = new Command("grab", """
            Open a configured camera, of any kind, as the agent does, grab one frame and write it; a running agent has its camera for itself.

            Example:
              structcore camera grab --config line.json --camera left --out left.png
            """) { config, camera, target };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var configuration = AgentConfiguration.Load(parsed.GetValue(config)?.FullName);
            await GrabAsync(Find(configuration, parsed.GetRequiredValue(camera)), parsed.GetRequiredValue(target), parsed.InvocationConfiguration.Output, cancellationToken);
            return CommandLineRunner.Done;
        });
        return command;
    }

    private static CameraOptions Find(AgentConfiguration configuration, string id)
    {
        var cameras = configuration.Options.Cameras;
        return cameras.FirstOrDefault(c => c.Id == id)
            ?? throw new CommandFailedException($"Camera '{id}' is not configured in '{configuration.Path}'; known: {(cameras.Count == 0 ? "none" : string.Join(", ", cameras.Select(c => c.Id)))}.");
    }

    private static async Task GrabAsync(CameraOptions options, FileInfo target, TextWriter output, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        await using var camera = new CameraFactory(AdapterSet.Current, time).Create(options);
        void Tell(string what, FormattableString value) => output.WriteLine($"{what,-9} {value.ToString(CultureInfo.InvariantCulture)}");

        Tell("camera", $"{options.Id}: {options.Kind} '{options.Source}'");
        var begun = time.GetTimestamp();
        await camera.OpenAsync(cancellationToken);
        Tell("opened", $"in {time.GetElapsedTime(begun).TotalMilliseconds:F0} ms");
        begun = time.GetTimestamp();
        var result = await camera.GrabAsync(cancellationToken);
        var (ended, counters) = (time.GetTimestamp(), camera.Counters);
        Tell("grabbed", $"in {time.GetElapsedTime(begun, ended).TotalMilliseconds:F0} ms; {counters.Frames} frames, {counters.IncompleteBuffers} incomplete, {counters.LostPackets} packets lost");
        var frame = result.Frame ?? throw new CommandFailedException(result.Failure!);
        Tell("frame", $"{frame.FrameId}: {frame.Image.Height} x {frame.Image.Width} (height x width), captured at {frame.CapturedAt:O}, {time.GetElapsedTime(frame.Timestamp, ended).TotalMilliseconds:F0} ms before it was there");
        await File.WriteAllBytesAsync(target.FullName, AdapterSet.Current.ImageCodec.EncodePng(frame.Image), cancellationToken);
        Tell("written", $"{target.FullName}");
    }
}
