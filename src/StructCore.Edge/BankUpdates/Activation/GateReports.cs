namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>What the gates measured, as far as a bank came.</summary>
internal sealed record GateReports(ParityReport? Parity = null, ShadowReport? Shadow = null, GuardReport? Guard = null);
