using StructCore.Vision.Imaging;

namespace StructCore.Edge.Cameras;

/// <summary>One captured frame, whose pixels go back to their pool once every holder has disposed of its share.</summary>
/// <param name="FrameId">Unique per camera and run; a folder camera's holds the file name.</param>
/// <param name="Image">8-bit RGB, already cut to the camera's region of interest.</param>
/// <param name="CapturedAt">When it was captured, UTC.</param>
/// <param name="Timestamp">The same moment on the monotonic clock, <see cref="TimeProvider.GetTimestamp"/>: a step of the wall clock makes no frame older.</param>
public sealed record Frame(string FrameId, RgbImage Image, DateTimeOffset CapturedAt, long Timestamp) : IDisposable
{
    /// <summary>The source showed the same just before, to the last bit, as far as it could tell without another frame.</summary>
    public bool Repeats { get; init; }

    /// <summary>The same frame for one more holder, who disposes of it on its own.</summary>
    public Frame Share() => this with { Image = Image.Share() };

    public void Dispose() => Image.Dispose();
}
