namespace StructCore.Tests;

/// <summary>A span as a collector sees it.</summary>
internal sealed record OtlpSpan(string Trace, string Id, string Parent, string Name, double Milliseconds, IReadOnlyDictionary<string, string> Tags)
{
    public static OtlpSpan Of(ProtoMessage span) => new(span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (span.Number(8) - span.Number(7)) / 1e6, OtlpCollector.Labels(span, 9));
}
