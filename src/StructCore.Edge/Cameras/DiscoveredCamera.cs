namespace StructCore.Edge.Cameras;

/// <summary>A GenICam camera that answered.</summary>
/// <param name="Id">What Aravis calls it; may stand as a camera's <c>Source</c>, as <paramref name="Serial"/> and <paramref name="Address"/> may.</param>
/// <param name="Vendor">Who made it.</param>
/// <param name="Model">Its model.</param>
/// <param name="Serial">Its serial number; for a camera that has none, its hardware address.</param>
/// <param name="PhysicalId">Its hardware address on the network, or its id on the USB.</param>
/// <param name="Address">Its IP address; for USB what the bus calls it.</param>
/// <param name="Protocol"><c>GigEVision</c> or <c>USB3Vision</c>.</param>
public sealed record DiscoveredCamera(string Id, string Vendor, string Model, string Serial, string PhysicalId, string Address, string Protocol);
