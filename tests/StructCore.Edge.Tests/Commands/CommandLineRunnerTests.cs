using StructCore.Edge.Commands;

namespace StructCore.Tests.Commands;

public sealed class CommandLineRunnerTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Help_OfTheRoot_IsDoneAndGoesToOutput()
    {
        Assert.Equal(0, await CommandLineRunner.RunAsync(["--help"], _output, _error));
        Assert.Contains("backbone", _output.ToString());
        Assert.Empty(_error.ToString());
    }

    [Theory]
    [InlineData("structcore", "")]
    [InlineData("structcore", "no-such-verb")]
    [InlineData("structcore backbone", "backbone no-such-verb")]
    public async Task WrongUse_OfAVerb_SaysWhereHelpIs(string where, string arguments)
    {
        Assert.Equal(2, await CommandLineRunner.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), _output, _error));
        Assert.Contains($"See '{where} --help'.", _error.ToString());
        Assert.Empty(_output.ToString());
    }
}
