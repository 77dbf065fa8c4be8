using System.CommandLine;
using StructCore.Edge.Cameras;

namespace StructCore.Edge.Commands;

/// <summary><c>camera list</c>: the GenICam cameras that answer.</summary>
internal static class CameraListCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the cameras as JSON" };
        var command = new Command("list", """
            List the GigE Vision and USB3 Vision cameras that answer. Serial, id or address may stand as Source of a camera of kind genicam.

            Example:
              structcore camera list
            """) { json };
        command.SetAction((parsed, cancellationToken) => Task.Run(() => List(parsed.InvocationConfiguration, parsed.GetValue(json)), cancellationToken));
        return command;
    }

    private static int List(InvocationConfiguration invocation, bool asJson)
    {
        var cameras = AdapterSet.Current.DiscoverCameras();
        if (asJson)
        {
            invocation.Output.Write(JsonOutput.Format(new { Cameras = cameras }));
        }
        else if (cameras.Count > 0)
        {
            Write(cameras, invocation.Output);
        }

        if (cameras.Count == 0)
        {
            invocation.Error.WriteLine("No GenICam camera answers. Check power and cable; GigE: that camera and network card are in one subnet and the firewall lets UDP port 3956 pass; USB3: that you may open the device.");
        }

        return CommandLineRunner.Done;
    }

    private static void Write(IReadOnlyList<DiscoveredCamera> cameras, TextWriter output)
    {
        var table = ResultTable.Create(0, "serial", "vendor", "model", "address", "physical id", "protocol", "id");
        foreach (var camera in cameras)
        {
            table.Add(camera.Serial, camera.Vendor, camera.Model, camera.Address, camera.PhysicalId, camera.Protocol, camera.Id);
        }

        ResultTable.Write("Cameras", table, output);
    }
}
