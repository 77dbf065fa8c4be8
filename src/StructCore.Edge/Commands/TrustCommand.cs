using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary><c>trust</c>: which keys stations trust.</summary>
internal static class TrustCommand
{
    public static Command Create() => new("trust", "Say which keys stations trust, and change it.")
    {
        TrustCreateCommand.Create(),
        TrustUpdateCommand.Create(),
        TrustInspectCommand.Create(),
    };

    public static LifeOption Expires() => new("--expires", "365d", "How long stations take updates by this document");

    public static LifeOption KeyValidity() => new("--key-validity", "730d", "How long the keys named here count");
}
