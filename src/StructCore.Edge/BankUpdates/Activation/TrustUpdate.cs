namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Takes the trust documents that follow the one this agent has.</summary>
internal sealed class TrustUpdate(string station, AgentTrust trust, UpdateStates states)
{
    /// <exception cref="UpdateRefusedException">One does not follow, or lacks signatures.</exception>
    public void Run(UpdateRequest request)
    {
        var version = trust.Advance(request.Payload.Span, station);
        states.Change(UpdateKind.Trust, request.Category, b => b with { Version = version, Stage = UpdateStage.Done });
    }
}
