using System.Text.Json.Serialization;

namespace StructCore.Vision.Fitting;

/// <summary>An image that a person confirmed as good after a bank had rejected it, and what the bank took from it.</summary>
public sealed record TaughtImage
{
    /// <summary>SHA-256 of the image file, lower-case hex: by it the teaching is found again.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The image file's name.</summary>
    public required string File { get; init; }

    /// <summary>Trigger id of the verdict it had, a JSON token; absent for an image that came as a file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TriggerId { get; init; }

    /// <summary>Who says that the part is good.</summary>
    public required string ConfirmedBy { get; init; }

    /// <summary>When it was taught, UTC.</summary>
    public required DateTimeOffset TaughtAt { get; init; }

    /// <summary>Its image index in the memory bank, above those of the training images; given by the teaching.</summary>
    public int Image { get; init; }

    /// <summary>Rows of the memory bank that came from it; given by the teaching.</summary>
    public int Rows { get; init; }

    /// <summary>The rows' <see cref="MemoryBanks.MemoryBank.Floor"/>; given by the teaching, absent (0) where an older program taught.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float Floor { get; init; }
}
