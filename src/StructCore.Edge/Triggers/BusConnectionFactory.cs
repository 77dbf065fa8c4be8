namespace StructCore.Edge.Triggers;

/// <summary>Broker options to a connection, secrets resolved at that moment: a password that was changed is used at the next attempt.</summary>
internal static class BusConnectionFactory
{
    /// <summary>What an agent takes at most: the largest body there is, and room for topic and properties. The broker drops what is larger without a word.</summary>
    public const int MaximumPacketBytes = 2 * TriggerParser.MaxPayloadBytes;

    /// <summary>Room for topic and properties beside a body.</summary>
    public const int PacketOverhead = 4096;

    /// <exception cref="MessageBusException">The password file cannot be read.</exception>
    public static BusConnection Create(BrokerOptions broker, string clientId, bool keepSession, BusMessage? will) => new()
    {
        Host = broker.Host,
        Port = broker.Port,
        ClientId = clientId,
        UserName = broker.UserName,
        Password = broker.UserName is null ? null : Password(broker),
        Tls = broker.Tls is { } tls ? new BusTls(tls.CaFile, tls.CertificateFile, tls.KeyFile) : null,
        KeepAlive = TimeSpan.FromSeconds(broker.KeepAliveSeconds),
        SessionExpiry = keepSession ? TimeSpan.FromHours(broker.SessionExpiryHours) : TimeSpan.Zero,
        MaximumPacketBytes = MaximumPacketBytes,
        Will = will,
    };

    private static string? Password(BrokerOptions broker)
    {
        if (broker.PasswordFile is not { } file)
        {
            return Environment.GetEnvironmentVariable(BrokerOptions.PasswordVariable);
        }

        try
        {
            return File.ReadLines(file).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MessageBusException($"The password file '{file}' cannot be read: {e.Message}", e);
        }
    }
}
