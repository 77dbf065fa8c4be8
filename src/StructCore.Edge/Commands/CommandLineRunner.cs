using System.CommandLine;
using System.CommandLine.Invocation;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Cameras;
using StructCore.Edge.Configuration;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Vision.Calibration;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.Commands;

/// <summary>Runs one command line: exit code 0 done, 1 failed, 2 wrong use. Results go to standard output, everything else to standard error.</summary>
internal static class CommandLineRunner
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUse = 2;

    /// <summary>How long a verb may take to end after SIGTERM or SIGINT: the agent finishes what it accepted.</summary>
    private static readonly TimeSpan LongestEnd = AgentHost.ShutdownTimeout + TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var parsed = RootCommandFactory.Create().Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var mistake in parsed.Errors)
            {
                error.WriteLine($"structcore: {mistake.Message}");
            }

            error.WriteLine($"See '{FullName(parsed.CommandResult.Command)} --help'.");
            return WrongUse;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = LongestEnd, Output = output, Error = error }, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("structcore: stopped before it was done.");
            return Failed;
        }
        catch (Exception e)
        {
            // The outermost boundary: whatever happened, the caller gets an exit code. Only a bug shows its stack.
            error.WriteLine($"structcore: {(e is UpdateRefusedException refused ? refused.Reason : IsExpected(e) ? e.Message : $"internal error: {e}")}");
            return Failed;
        }
    }

    /// <summary>The command as it is typed: <c>structcore backbone import</c>.</summary>
    private static string FullName(Command command)
    {
        var name = command is RootCommand ? "structcore" : command.Name;
        return command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{FullName(parent)} {name}" : name;
    }

    private static bool IsExpected(Exception e) => e is CommandFailedException or InvalidConfigurationException
        or InvalidBackboneException or InvalidBankException or TeachingException or InvalidDatasetException or InvalidImageException or CalibrationException
        or CameraException or MessageBusException or InspectionStoreException or SigningKeyException
        or ExecutionProviderException or IOException or UnauthorizedAccessException or HttpRequestException or DllNotFoundException
        or Microsoft.Extensions.Options.OptionsValidationException;
}
