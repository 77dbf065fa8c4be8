using System.Text.Json.Serialization;

namespace StructCore.Edge.Replay;

/// <summary>What a replay came to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReplayOutcome>))]
internal enum ReplayOutcome
{
    /// <summary>Every number is the stored one, to the last bit.</summary>
    [JsonStringEnumMemberName("same")]
    Same,

    /// <summary>The same verdict; its numbers differ by rounding, as those of another provider or processor do.</summary>
    [JsonStringEnumMemberName("within_tolerance")]
    WithinTolerance,

    [JsonStringEnumMemberName("different")]
    Different,

    [JsonStringEnumMemberName("no_such_trigger")]
    NoSuchTrigger,

    /// <summary>Several records have this trigger id.</summary>
    [JsonStringEnumMemberName("ambiguous")]
    Ambiguous,

    /// <summary>An ERROR without a score: there is nothing to compare.</summary>
    [JsonStringEnumMemberName("not_scored")]
    NotScored,

    /// <summary>The frame was never kept, or is not kept any more.</summary>
    [JsonStringEnumMemberName("no_frame")]
    NoFrame,

    /// <summary>The frame's file is not the one that was written.</summary>
    [JsonStringEnumMemberName("frame_changed")]
    FrameChanged,

    /// <summary>The bank version that decided cannot be had.</summary>
    [JsonStringEnumMemberName("bank_missing")]
    BankMissing,

    /// <summary>The backbone that the bank was fitted with cannot be had.</summary>
    [JsonStringEnumMemberName("backbone_differs")]
    BackboneDiffers,
}
