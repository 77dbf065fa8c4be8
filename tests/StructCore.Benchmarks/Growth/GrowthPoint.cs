namespace StructCore.Benchmarks.Growth;

/// <summary>One measured point: some work at one size.</summary>
/// <param name="Work"><c>fit</c> or <c>score</c>.</param>
/// <param name="Axis">What grows: <c>images</c>, <c>rows</c> or <c>categories</c>.</param>
/// <param name="Size">How many of them.</param>
/// <param name="Milliseconds">One fit of everything, or the median score of one image.</param>
/// <param name="PeakMegabytes">Most physical memory the process ever had.</param>
internal sealed record GrowthPoint(string Work, string Axis, int Size, double Milliseconds, double PeakMegabytes);
