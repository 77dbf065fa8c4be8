using System.CommandLine;
using StructCore.Edge.Operator.Doctor;

namespace StructCore.Edge.Commands;

/// <summary><c>doctor</c>: everything the agent needs, looked at, with what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var config = RunCommand.CreateConfigOption();
        var json = new Option<bool>("--json") { Description = "Print the findings as JSON" };
        var command = new Command("doctor", """
            Check configuration, libraries, clock, permissions, disk, store, banks, cameras and broker, and say what to do. A running agent is not disturbed.
            Exit code 1 where anything fails.

            Example:
              structcore doctor --config /etc/structcore-edge/appsettings.json
            """) { config, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, asJson) = (parsed.InvocationConfiguration.Output, parsed.GetValue(json));
            var findings = new List<Finding>();
            var doctor = new Doctor(AdapterSet.Current, TimeProvider.System, finding =>
            {
                lock (findings)
                {
                    findings.Add(finding);
                    if (!asJson)
                    {
                        output.WriteLine($"{finding.Level.ToString().ToUpperInvariant(),-7}  {finding.Check,-13}  {finding.Text}");
                    }
                }
            });
            await doctor.RunAsync(parsed.GetValue(config)?.FullName, cancellationToken);
            lock (findings)
            {
                var failed = findings.Count(f => f.Level == FindingLevel.Fail);
                var warnings = findings.Count(f => f.Level == FindingLevel.Warning);
                if (asJson)
                {
                    output.Write(JsonOutput.Format(new { Failed = failed, Warnings = warnings, Findings = findings.Select(f => new { f.Check, Level = f.Level.ToString().ToUpperInvariant(), f.Text }) }));
                }
                else
                {
                    output.WriteLine($"{findings.Count} findings: {failed} failed, {warnings} warnings");
                }

                return failed == 0 ? CommandLineRunner.Done : CommandLineRunner.Failed;
            }
        });
        return command;
    }
}
