namespace StructCore.Edge.Cameras;

/// <summary>A camera at one moment; body of <c>camera/{id}/state</c>.</summary>
/// <param name="Since">When <paramref name="State"/> began.</param>
internal sealed record CameraStatus(string Id, CameraHealth State, string? Failure, DateTimeOffset Since, CameraCounters Counters);
