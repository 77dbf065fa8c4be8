using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Triggers;

/// <summary><c>Broker:Tls</c>: PEM files for TLS; certificate and key together give mutual TLS.</summary>
internal sealed class TlsOptions
{
    /// <summary>The authorities that may sign the broker's certificate.</summary>
    [Required]
    public string CaFile { get; set; } = "";

    public string? CertificateFile { get; set; }

    public string? KeyFile { get; set; }
}
