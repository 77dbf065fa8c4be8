using System.Buffers;
using System.Text;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Packages.MqttNet;

/// <summary>The seam's types as MQTTnet's packets, and back.</summary>
internal static class Packets
{
    // Header and packet number, and what stands before each property: its name, its length.
    private const int Overhead = 32;

    public static MqttConnectPacket Connect(BusConnection connection, ushort receiveMaximum)
    {
        var packet = new MqttConnectPacket
        {
            ClientId = connection.ClientId,
            CleanSession = false,
            KeepAlivePeriod = connection.KeepAliveSeconds,
            SessionExpiryInterval = connection.SessionExpirySeconds,
            MaximumPacketSize = (uint)(connection.MaximumPacketBytes ?? 0),
            ReceiveMaximum = receiveMaximum,
            Username = connection.UserName,
            Password = connection.Password is { } password ? Encoding.UTF8.GetBytes(password) : null,
        };
        if (connection.Will is { } will)
        {
            packet.WillFlag = true;
            packet.WillTopic = Topic(will.Topic);
            packet.WillMessage = will.Payload.ToArray();
            packet.WillQoS = (MqttQualityOfServiceLevel)will.QualityOfService;
            packet.WillRetain = will.Retain;
            packet.WillMessageExpiryInterval = will.ExpirySeconds ?? 0;
            packet.WillContentType = will.ContentType;
            packet.WillResponseTopic = will.ResponseTopic;
            packet.WillCorrelationData = Correlation(will);
        }

        return packet;
    }

    /// <exception cref="ArgumentException">A topic, property or correlation data that MQTT cannot carry.</exception>
    public static MqttPublishPacket Publish(BusMessage message)
    {
        RefuseTooLong(message.ContentType, "content type");
        return new MqttPublishPacket
        {
            Topic = Topic(message.Topic),
            Payload = new ReadOnlySequence<byte>(message.Payload),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)message.QualityOfService,
            Retain = message.Retain,
            ResponseTopic = message.ResponseTopic is { } answer ? Topic(answer) : null,
            CorrelationData = Correlation(message),
            MessageExpiryInterval = message.ExpirySeconds ?? 0,
            ContentType = message.ContentType,
        };
    }

    /// <summary>At least as many bytes as the packet has on the wire.</summary>
    public static long LongestSize(MqttPublishPacket packet) =>
        Overhead + packet.Payload.Length + Bytes(packet.Topic) + Bytes(packet.ResponseTopic) + Bytes(packet.ContentType) + (packet.CorrelationData?.Length ?? 0);

    public static MqttSubscribePacket Subscribe(string filter, QualityOfService qualityOfService) => new()
    {
        TopicFilters = [new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = (MqttQualityOfServiceLevel)qualityOfService, RetainAsPublished = true }],
    };

    public static BusMessage Read(MqttPublishPacket packet) =>
        new(packet.Topic, packet.Payload.IsSingleSegment ? packet.Payload.First : packet.Payload.ToArray())
        {
            QualityOfService = (QualityOfService)packet.QualityOfServiceLevel,
            Retain = packet.Retain,
            ResponseTopic = packet.ResponseTopic,
            CorrelationData = packet.CorrelationData,
            Expiry = packet.MessageExpiryInterval == 0 ? null : TimeSpan.FromSeconds(packet.MessageExpiryInterval),
            ContentType = packet.ContentType,
        };

    /// <summary>A filter as MQTT wants it.</summary>
    /// <exception cref="MqttProtocolViolationException">Wildcards where there may be none.</exception>
    public static string Filter(string filter)
    {
        MqttTopicValidator.ThrowIfInvalidSubscribe(filter);
        return Text(filter, "topic filter");
    }

    /// <summary>MQTTnet's name of a reason, <c>NotAuthorized</c>, in words.</summary>
    public static string Reason(Enum reason) =>
        BusFailure.Describe(string.Concat(reason.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}")), Convert.ToInt32(reason, null));

    private static string Topic(string topic)
    {
        try
        {
            MqttTopicValidator.ThrowIfInvalid(topic);
        }
        catch (MqttProtocolViolationException e)
        {
            throw new ArgumentException($"The topic '{topic}' cannot be published on: {e.Message}", nameof(topic), e);
        }

        return Text(topic, "topic");
    }

    private static string Text(string text, string what)
    {
        BusFailure.RefuseZero(text);
        RefuseTooLong(text, what);
        return text;
    }

    private static void RefuseTooLong(string? text, string what) => BusFailure.RefuseTooLong(Bytes(text), what);

    private static int Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static byte[]? Correlation(BusMessage message)
    {
        BusFailure.RefuseTooLong(message.CorrelationData.Length, "correlation data");
        return message.CorrelationData.IsEmpty ? null : message.CorrelationData.ToArray();
    }
}
