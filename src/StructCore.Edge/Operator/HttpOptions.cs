using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Operator;

/// <summary><c>Http</c> in the configuration: the health endpoints, and whatever else people and programs near the station may ask over HTTP.</summary>
internal sealed class HttpOptions
{
    /// <summary>The variable that holds the key where no file does.</summary>
    public const string KeyVariable = "STRUCTCORE_HTTP_KEY";

    public bool Enabled { get; set; }

    /// <summary>IP address to listen on; any other than a loopback address needs a key.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>1 to 65535.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 8088;

    /// <summary>A file whose first line is the key that callers show. Without it the variable <c>STRUCTCORE_HTTP_KEY</c> is asked; without both, loopback needs none.</summary>
    public string? KeyFile { get; set; }
}
