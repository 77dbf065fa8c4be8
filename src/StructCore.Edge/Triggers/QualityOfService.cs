namespace StructCore.Edge.Triggers;

/// <summary>MQTT's delivery levels that the contract uses.</summary>
public enum QualityOfService
{
    /// <summary>QoS 0.</summary>
    AtMostOnce = 0,

    /// <summary>QoS 1.</summary>
    AtLeastOnce = 1,
}
