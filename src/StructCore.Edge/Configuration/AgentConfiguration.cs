using Microsoft.Extensions.Configuration;
using StructCore.Edge.Cameras;
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

    /// <summary>The files that hold secrets.</summary>
    public IEnumerable<string> SecretFiles =>
        Options.Stations.Select(s => s.Broker).OfType<BrokerOptions>().Prepend(Options.Broker).SelectMany(b => new[] { b.PasswordFile, b.Tls?.KeyFile })
            .Concat(Options.Cameras.Select(c => c.SourceFile)).Append(Options.Http.KeyFile).Append(Options.Telemetry.Otlp.HeadersFile).Append(Options.Updates.TokenFile).OfType<string>();

    /// <param name="file">The file; null takes <c>appsettings.json</c> from the working folder, else the one beside the executable.</param>
    /// <exception cref="InvalidConfigurationException">Not there, not JSON, or wrong in any way; all errors at once.</exception>
    public static AgentConfiguration Load(string? file)
    {
        var path = System.IO.Path.GetFullPath(file ?? (File.Exists(DefaultName) ? DefaultName : System.IO.Path.Combine(AppContext.BaseDirectory, DefaultName)));
        if (!File.Exists(path))
        {
            throw new InvalidConfigurationException(path, ["the file does not exist. Name one with --config, or copy an example from config/."]);
        }

        var errors = new List<string>();
        IConfiguration configuration;
        try
        {
            RefuseSecrets(new ConfigurationBuilder().AddJsonFile(path).Build(), errors);
            configuration = new ConfigurationBuilder().AddJsonFile(path).AddEnvironmentVariables(EnvironmentPrefix).Build();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidConfigurationException(path, [e.GetBaseException().Message]);
        }

        var options = new OptionsReader(errors).Read<AgentOptions>(configuration, LoggingSection);
        MakeAbsolute(options, System.IO.Path.GetDirectoryName(path)!);
        ReadSources(options.Cameras, errors);
        AgentOptionsValidator.Validate(options, errors);
        return errors.Count == 0 ? new(path, options, configuration.GetSection(LoggingSection)) : throw new InvalidConfigurationException(path, errors);
    }

    // The environment may hold them: only what lies in the file is looked at.
    private static void RefuseSecrets(IConfiguration file, List<string> errors) =>
        errors.AddRange(file.AsEnumerable().Where(e => e.Value is { } value && Credentials.AreIn(value)).Select(e =>
            $"{e.Key}: '{Credentials.Mask(e.Value!)}' holds a password, which does not belong into the configuration. Put the whole value into a file and name that (Cameras:n:SourceFile), or set the variable {EnvironmentPrefix}{e.Key.Replace(":", "__", StringComparison.Ordinal)}."));

    private static void ReadSources(List<CameraOptions> cameras, List<string> errors)
    {
        for (var i = 0; i < cameras.Count; i++)
        {
            if (cameras[i] is { SourceFile: { } file, Source: "" })
            {
                try
                {
                    cameras[i].Source = SecretFile.Read(file) ?? "";
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    errors.Add($"Cameras:{i}:SourceFile: {e.Message}");
                }
            }
        }
    }

    // Relative paths are meant from the file that names them, wherever the agent was started.
    private static void MakeAbsolute(AgentOptions options, string folder)
    {
        string Absolute(string path) => path.Length == 0 ? path : System.IO.Path.GetFullPath(path, folder);
        string? AbsoluteOrNull(string? path) => string.IsNullOrEmpty(path) ? null : Absolute(path);

        options.Store.Path = Absolute(options.Store.Path);
        options.Banks.Folder = Absolute(options.Banks.Folder);
        options.Updates.Folder = Absolute(options.Updates.Folder);
        (options.Updates.TrustFile, options.Updates.CaFile, options.Updates.TokenFile) = (AbsoluteOrNull(options.Updates.TrustFile), AbsoluteOrNull(options.Updates.CaFile), AbsoluteOrNull(options.Updates.TokenFile));
        options.Models.Folder = Absolute(options.Models.Folder);
        options.Models.CacheFolder = AbsoluteOrNull(options.Models.CacheFolder);
        options.Evidence.Folder = AbsoluteOrNull(options.Evidence.Folder);
        options.Telemetry.Otlp.HeadersFile = AbsoluteOrNull(options.Telemetry.Otlp.HeadersFile);
        options.Http.KeyFile = AbsoluteOrNull(options.Http.KeyFile);
        options.Cameras.ForEach(c => c.SourceFile = AbsoluteOrNull(c.SourceFile));
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
