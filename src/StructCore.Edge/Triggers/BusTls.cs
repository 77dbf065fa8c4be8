namespace StructCore.Edge.Triggers;

/// <summary>TLS 1.2 or newer, the server always verified.</summary>
/// <param name="CaFile">PEM file of the authorities that may sign the broker's certificate.</param>
/// <param name="CertificateFile">PEM file of the client's certificate, for mutual TLS.</param>
/// <param name="KeyFile">PEM file of the client's key.</param>
public sealed record BusTls(string CaFile, string? CertificateFile, string? KeyFile);
