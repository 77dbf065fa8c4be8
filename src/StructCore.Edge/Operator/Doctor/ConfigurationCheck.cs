using StructCore.Edge.Configuration;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>Reads the configuration as <c>run</c> does; every error is a finding.</summary>
internal static class ConfigurationCheck
{
    public static AgentConfiguration? Run(string? file, Findings findings)
    {
        try
        {
            var configuration = AgentConfiguration.Load(file);
            findings.Ok($"'{configuration.Path}': stations: {configuration.Options.Stations.Count}, cameras: {configuration.Options.Cameras.Count}");
            return configuration;
        }
        catch (InvalidConfigurationException e)
        {
            foreach (var error in e.Errors)
            {
                findings.Fail(error);
            }

            findings.Warning("Permissions, disk, store, banks, cameras, HTTP and broker are not looked at until the configuration can be read.");
            return null;
        }
    }
}
