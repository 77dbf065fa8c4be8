using StructCore.Edge.Inspection;
using StructCore.Edge.Telemetry;

namespace StructCore.Edge.Operator;

/// <summary>What <c>self_test</c> found, part by part.</summary>
internal sealed record SelfTestReport(IReadOnlyList<SelfCheckItem> Items, double FeaturesMs, IReadOnlyList<BankRehearsal> Banks);
