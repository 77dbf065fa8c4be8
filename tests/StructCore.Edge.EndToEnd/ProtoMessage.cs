using Google.Protobuf;

namespace StructCore.Tests;

/// <summary>A protobuf message read without its schema: field numbers and raw values.</summary>
internal sealed class ProtoMessage
{
    private readonly ILookup<int, object> _fields;

    private ProtoMessage(ILookup<int, object> fields) => _fields = fields;

    public static ProtoMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var input = new CodedInputStream(bytes.ToArray());
        var fields = new List<(int Number, object Value)>();
        while (input.ReadTag() is var tag and not 0)
        {
            fields.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => input.ReadFixed64(),
                WireFormat.WireType.Fixed32 => input.ReadFixed32(),
                _ => input.ReadBytes(),
            }));
        }

        return new(fields.ToLookup(f => f.Number, f => f.Value));
    }

    public bool Has(int field) => _fields.Contains(field);

    public IEnumerable<ProtoMessage> All(int field) => _fields[field].Cast<ByteString>().Select(b => Parse(b.Span));

    public ProtoMessage One(int field) => All(field).Single();

    public string Text(int field) => _fields[field].Cast<ByteString>().SingleOrDefault()?.ToStringUtf8() ?? "";

    public string Hex(int field) => Convert.ToHexString((_fields[field].Cast<ByteString>().SingleOrDefault() ?? ByteString.Empty).Span);

    public ulong Number(int field) => (ulong)_fields[field].Single();

    public double Double(int field) => BitConverter.UInt64BitsToDouble(Number(field));
}
