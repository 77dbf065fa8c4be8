using System.CommandLine;
using System.Text.RegularExpressions;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Commands;

/// <summary>The broker through which a verb updates stations, as whom it speaks there, and to which stations.</summary>
internal sealed partial class UpdateBroker
{
    private readonly Option<string> _broker = new("--broker") { HelpName = "HOST[:PORT]", Description = "The stations' MQTT broker [default port: 1883, with --ca 8883]", Required = true };
    private readonly Option<string?> _ca = new("--ca") { HelpName = "FILE", Description = "Authorities that may vouch for the broker (PEM): speak TLS" };
    private readonly Option<string?> _certificate = new("--certificate") { HelpName = "FILE", Description = "Client certificate (PEM)" };
    private readonly Option<string?> _key = new("--key-file") { HelpName = "FILE", Description = "Its key (PEM)" };
    private readonly Option<string?> _user = new("--user") { HelpName = "NAME", Description = $"Account at the broker; its password is taken from --password-file or {BrokerOptions.PasswordVariable}" };
    private readonly Option<string?> _password = new("--password-file") { HelpName = "FILE", Description = "File whose first line is the password" };
    private readonly Option<string[]> _stations = new("--station") { HelpName = "SITE/LINE/ID", Description = "A station; may be given several times. One agent of a share: SITE/LINE/ID/INSTANCE", Required = true };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _broker, _ca, _certificate, _key, _user, _password, _stations })
        {
            command.Options.Add(option);
        }

        _broker.Validators.Add(result =>
        {
            if (Address(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError($"--broker is '{result.GetValueOrDefault<string>()}', expected HOST or HOST:PORT.");
            }
        });
        _stations.Validators.Add(result =>
        {
            foreach (var station in result.GetValueOrDefault<string[]>().Where(s => !StationName().IsMatch(s)))
            {
                result.AddError($"--station is '{station}', expected SITE/LINE/ID as in the station's configuration.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(_certificate) is null != result.GetValue(_key) is null || (result.GetValue(_certificate) is not null && result.GetValue(_ca) is null))
            {
                result.AddError("--certificate, --key-file and --ca belong together.");
            }

            if (result.GetValue(_password) is not null && result.GetValue(_user) is null)
            {
                result.AddError("--password-file needs --user.");
            }
        });
    }

    /// <summary>A connection of its own at every call, without a session.</summary>
    /// <exception cref="MessageBusException">The password file cannot be read.</exception>
    public BusConnection Describe(ParseResult parsed)
    {
        var (ca, address) = (parsed.GetValue(_ca), Address(parsed.GetRequiredValue(_broker))!);
        var options = new BrokerOptions
        {
            Host = address.Host.Trim('[', ']'),
            Port = address.Port > 0 ? address.Port : ca is null ? 1883 : 8883,
            UserName = parsed.GetValue(_user),
            PasswordFile = parsed.GetValue(_password),
            Tls = ca is null ? null : new TlsOptions { CaFile = ca, CertificateFile = parsed.GetValue(_certificate), KeyFile = parsed.GetValue(_key) },
        };
        return BusConnectionFactory.Create(options, $"structcore-publish-{Guid.NewGuid():N}", keepSession: false, will: null) with { MaximumPacketBytes = null };
    }

    public IReadOnlyList<(string Name, StationTopics Topics)> Stations(ParseResult parsed) =>
        [.. parsed.GetRequiredValue(_stations).Distinct(StringComparer.Ordinal).Select(name => (name, Topics(name.Split('/'))))];

    private static StationTopics Topics(string[] levels) => new(levels[0], levels[1], levels[2], levels is [_, _, _, var instance] ? new ShareOptions { Instance = instance } : null);

    private static Uri? Address(string? text) =>
        Uri.TryCreate($"mqtt://{text}", UriKind.Absolute, out var address) && address.Host.Length > 0 && address.PathAndQuery is "" or "/" && address.UserInfo.Length == 0 ? address : null;

    [GeneratedRegex(@"\A[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}){2,3}\z")]
    private static partial Regex StationName();
}
