using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Triggers;

/// <summary><c>Broker</c> in the configuration: where the stations find their MQTT broker.</summary>
internal sealed class BrokerOptions
{
    /// <summary>The variable that holds the password where no file does.</summary>
    public const string PasswordVariable = "STRUCTCORE_BROKER_PASSWORD";

    /// <summary>Name or address.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9._:%-]{1,253}")]
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>1 to 65535; 8883 is usual with TLS.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 1883;

    public string? UserName { get; set; }

    /// <summary>A file whose first line is the password. Without it the variable <c>STRUCTCORE_BROKER_PASSWORD</c> is asked.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Absent: plain TCP.</summary>
    public TlsOptions? Tls { get; set; }

    /// <summary>Seconds of silence after which the broker is asked whether it is still there, 5 to 300.</summary>
    [Range(5, 300)]
    public int KeepAliveSeconds { get; set; } = 5;

    /// <summary>Hours the broker keeps the session of an agent that is away, 1 to 720; longer than the longest outage.</summary>
    [Range(1, 720)]
    public int SessionExpiryHours { get; set; } = 24;
}
