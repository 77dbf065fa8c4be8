using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Triggers;

/// <summary><c>Stations:n:Share</c>: several agents serve one trigger topic, each trigger goes to one of them.</summary>
internal sealed class ShareOptions
{
    /// <summary>Name of the share, the same for all its agents.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9._-]{1,64}")]
    public string Group { get; set; } = "";

    /// <summary>Name of this agent within the share; its state, heartbeat and commands lie below <c>{root}{instance}/</c>.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9._-]{1,64}")]
    public string Instance { get; set; } = "";
}
