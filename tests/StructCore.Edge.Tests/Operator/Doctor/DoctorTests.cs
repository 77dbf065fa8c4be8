using System.Text.Json;
using NSubstitute;
using StructCore.Edge;
using StructCore.Edge.Operator.Doctor;
using StructCore.Edge.Triggers;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Operator.Doctor;

public sealed class DoctorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("structcore-doctor-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly AdapterSet _adapters = Substitute.For<AdapterSet>();
    private readonly List<Finding> _findings = [];

    private string Configuration => Path.Combine(_folder, "line.json");

    public DoctorTests()
    {
        File.WriteAllText(Configuration, JsonSerializer.Serialize(new
        {
            Stations = new[] { new { Id = "one", Camera = "left" } },
            Cameras = new[] { new { Id = "left", Kind = "opencv", Source = "0" } },
        }));
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        File.WriteAllText(Path.Combine(_folder, "data", "structcore.db"), "");
        _adapters.Libraries.Returns([]);
        _adapters.ReadStore(Arg.Any<string>()).Returns(_ => throw new InvalidOperationException("nobody expected this"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Check_ThatBreaksOff_IsAFindingAndTheOthersGoOn()
    {
        var bus = Substitute.For<IMessageBus>();
        bus.ConnectAsync(Arg.Any<BusConnection>(), Arg.Any<CancellationToken>()).Returns<Task<bool>>(_ => throw new MessageBusException("no broker"));
        _adapters.CreateMessageBus().Returns(bus);
        await new Edge.Operator.Doctor.Doctor(_adapters, _time, _findings.Add).RunAsync(Configuration, CancellationToken.None);

        Assert.Contains(_findings, f => f is { Check: "store", Level: FindingLevel.Fail } && f.Text.Contains("InvalidOperationException: nobody expected this", StringComparison.Ordinal));
        Assert.Equal(["configuration", "program", "clock", "permissions", "disk", "store", "banks", "updates", "cameras", "http", "broker"], _findings.Select(f => f.Check).Distinct());
    }

    [Fact]
    public async Task Check_ThatHangs_IsGivenUpWhenItsTimeIsOver()
    {
        var connecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = Substitute.For<IMessageBus>();
        bus.ConnectAsync(Arg.Any<BusConnection>(), Arg.Any<CancellationToken>()).Returns(_ =>
        {
            connecting.SetResult();
            return new TaskCompletionSource<bool>().Task;
        });
        _adapters.CreateMessageBus().Returns(bus);
        var doctor = new Edge.Operator.Doctor.Doctor(_adapters, _time, _findings.Add).RunAsync(Configuration, CancellationToken.None);
        await connecting.Task;
        _time.Advance(TimeSpan.FromMinutes(1));
        await doctor;

        Assert.Contains(_findings, f => f is { Check: "broker", Level: FindingLevel.Fail } && f.Text.Contains("did not end within 60 s", StringComparison.Ordinal));
    }
}
