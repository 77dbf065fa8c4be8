using Microsoft.Extensions.Configuration;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Configuration;

/// <summary>The configuration file, with what the environment overrides, read and checked.</summary>
internal sealed class AgentConfiguration
{
    /// <summary>Variables that begin like this override the file: <c>STRUCTCORE__Broker__Host</c>.</summary>
    public const string EnvironmentPrefix = "STRUCTCORE__";

    private const string DefaultName = "appsettings.json";
    private const string LoggingSection = "Logging";

    private AgentConfiguration(string path, AgentOptions options, IConfiguration logging) => (Path, Options, Logging) = (path, options, logging);

    public string Path { get; }

    public AgentOptions Options { get; }

    /// <summary>The section that belongs to Microsoft.Extensions.Logging.</summary>
    public IConfiguration Logging { get; }

    /// <param name="file">The file; null takes <c>appsettings.json</c> from the working folder, else the one beside the executable.</param>
    /// <exception cref="InvalidConfigurationException">Not there, not JSON, or wrong in any way; all errors at once.</exception>
    public static AgentConfiguration Load(string? file)
    {
        var path = System.IO.Path.GetFullPath(file ?? (File.Exists(DefaultName) ? DefaultName : System.IO.Path.Combine(AppContext.BaseDirectory, DefaultName)));
        if (!File.Exists(path))
        {
            throw new InvalidConfigurationException(path, ["the file does not exist. Name one with --config, or copy an example from config/."]);
        }

        IConfiguration configuration;
        try
        {
            configuration = new ConfigurationBuilder().AddJsonFile(path).AddEnvironmentVariables(EnvironmentPrefix).Build();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidConfigurationException(path, [e.GetBaseException().Message]);
        }

        var errors = new List<string>();
        var options = new OptionsReader(errors).Read<AgentOptions>(configuration, LoggingSection);
        MakeAbsolute(options, System.IO.Path.GetDirectoryName(path)!);
        AgentOptionsValidator.Validate(options, errors);
        return errors.Count == 0 ? new(path, options, configuration.GetSection(LoggingSection)) : throw new InvalidConfigurationException(path, errors);
    }

    // Relative paths are meant from the file that names them, wherever the agent was started.
    private static void MakeAbsolute(AgentOptions options, string folder)
    {
        string Absolute(string path) => path.Length == 0 ? path : System.IO.Path.GetFullPath(path, folder);
        string? AbsoluteOrNull(string? path) => string.IsNullOrEmpty(path) ? null : Absolute(path);

        options.Store.Path = Absolute(options.Store.Path);
        options.Banks.Folder = Absolute(options.Banks.Folder);
        options.Models.Folder = Absolute(options.Models.Folder);
        options.Evidence.Folder = AbsoluteOrNull(options.Evidence.Folder);
        options.Http.KeyFile = AbsoluteOrNull(options.Http.KeyFile);
        foreach (var camera in options.Cameras.Where(c => c.Kind == "folder" || (c.Kind == "opencv" && File.Exists(Absolute(c.Source)))))
        {
            camera.Source = Absolute(camera.Source);
        }

        foreach (var broker in options.Stations.Select(s => s.Broker).OfType<BrokerOptions>().Prepend(options.Broker))
        {
            broker.PasswordFile = AbsoluteOrNull(broker.PasswordFile);
            if (broker.Tls is { } tls)
            {
                (tls.CaFile, tls.CertificateFile, tls.KeyFile) = (Absolute(tls.CaFile), AbsoluteOrNull(tls.CertificateFile), AbsoluteOrNull(tls.KeyFile));
            }
        }
    }
}
