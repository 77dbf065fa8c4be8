namespace StructCore.Edge.Verdicts;

/// <summary><c>Evidence</c> in the configuration: images of what was not accepted.</summary>
internal sealed class EvidenceOptions
{
    /// <summary>Folder for JPEG overlays of REJECT and ERROR frames; absent: none are written.</summary>
    public string? Folder { get; set; }
}
