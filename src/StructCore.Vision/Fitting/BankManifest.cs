using StructCore.Vision.Calibration;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.Fitting;

/// <summary><c>manifest.json</c> of a bank file: what the bank is, what it was fitted with, and how it decides.</summary>
public sealed record BankManifest
{
    /// <summary>Version of the file format this project writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version of the file format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The product's name; routing and recipes use it.</summary>
    public required string Category { get; init; }

    /// <summary>Grows by one with every fit of the category, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>Counts what a station made of this version itself by teaching, from 1; absent for a version that was fitted.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public int? Edition { get; init; }

    /// <summary>SHA-256 of the bank file that this one was taught from, the fitted one where editions follow each other, lower-case hex; absent where nothing was ever taught.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public string? Origin { get; init; }

    /// <summary>When it was fitted, or taught last, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Name of the backbone its rows come from.</summary>
    public required string Backbone { get; init; }

    /// <summary>SHA-256 of that backbone's ONNX file.</summary>
    public required string BackboneSha256 { get; init; }

    /// <summary>How frames became the backbone's input.</summary>
    public required FrameMode Frame { get; init; }

    /// <summary>Share of the training patches that was kept, p.</summary>
    public required double CoresetRatio { get; init; }

    /// <summary>Nearest rows a patch score averages, k = 5.</summary>
    public required int Neighbours { get; init; }

    /// <summary>Side H = W of the anomaly map.</summary>
    public required int MapSide { get; init; }

    /// <summary>Rows of the memory bank, N.</summary>
    public required int Rows { get; init; }

    /// <summary>Width of a row, D.</summary>
    public required int Width { get; init; }

    /// <summary>Images it was fitted from.</summary>
    public required int TrainImages { get; init; }

    /// <summary>Images of the unlabelled batch that screening left out of the fit; absent where a person had sorted the images.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public int? LeftOutImages { get; init; }

    /// <summary>Images that were confirmed as good after the bank had rejected them, in the order of their rows, which lie behind the fitted ones; absent where there are none.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TaughtImage>? Taught { get; init; }

    /// <summary>How it decides.</summary>
    public required ScoreCalibration Calibration { get; init; }

    /// <summary>The entries of the file with shape and digest.</summary>
    public IReadOnlyList<BankEntry> Entries { get; init; } = [];

    /// <summary><c>CATEGORY-vVERSION</c>, and <c>-tEDITION</c> where a station taught it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Id => Edition is { } edition ? $"{Category}-v{Version}-t{edition}" : $"{Category}-v{Version}";
}
