using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StructCore.Edge.Storage;

/// <summary>
/// What chains the records: the SHA-256, in lower-case hex, of the text <c>structcore-ledger-1</c> and then of every field that never changes once a record is stored.
/// A field is its UTF-8 bytes behind their number, <c>3:cap,</c>, or <c>-,</c> where it is absent. Whole numbers are decimal, the decision is 1 accept, 2 reject, 3 error;
/// a single is the 8, a double the 16 hex digits of its IEEE 754 bits, minus zero counting as zero; a time is UTC with seven digits, <c>2026-05-04T12:00:00.1234567Z</c>.
/// The order is that of <see cref="Of"/>; the p-value, which older records have not, is no field at all where it is absent. The first record of a ledger has <see cref="Genesis"/> before it.
/// </summary>
internal static class LedgerHash
{
    /// <summary>The previous hash of a ledger's first record: 64 zeros.</summary>
    public const string Genesis = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>The record as it follows the one with this hash.</summary>
    public static InspectionRecord Chain(InspectionRecord record, string previousHash)
    {
        record = record with { PreviousHash = previousHash };
        return record with { Hash = Of(record) };
    }

    /// <summary>The hash of a record; its <see cref="InspectionRecord.Hash"/> and <see cref="InspectionRecord.Delivered"/> do not count.</summary>
    public static string Of(InspectionRecord record)
    {
        var (trigger, verdict, timings) = (record.Trigger, record.Verdict, record.Verdict.Timings);
        var fields = new Fields();
        fields.Add(record.PreviousHash);
        fields.Add(record.Sequence);
        fields.Add(trigger.Station);
        fields.Add(trigger.PlcEpoch);
        fields.Add(trigger.TriggerId);
        fields.Add(trigger.PartId);
        fields.Add(trigger.Recipe);
        fields.Add(trigger.Camera);
        fields.Add(trigger.ReceivedAt);
        fields.Add(trigger.Deadline);
        fields.Add((long)verdict.Decision);
        fields.Add(verdict.Reason);
        fields.Add(verdict.Score);
        fields.Add(verdict.Threshold);
        fields.Add(verdict.Category);
        fields.Add(verdict.RouteDistance);
        fields.Add(verdict.Bank?.Id);
        fields.Add(verdict.Bank?.Version);
        fields.Add(verdict.Bank?.Sha256);
        fields.Add(timings.Queue);
        fields.Add(timings.Grab);
        fields.Add(timings.Features);
        fields.Add(timings.Score);
        fields.Add(timings.Store);
        fields.Add(timings.Total);
        fields.Add(record.FrameId);
        fields.Add(record.CapturedAt);
        fields.Add(record.FrameAgeMs);
        fields.Add(record.AgentEpoch);
        fields.Add(record.DecidedAt);
        if (verdict.PValue is { } p)
        {
            fields.Add(p);
        }

        return fields.Hash();
    }

    private sealed class Fields
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(1024);

        public Fields() => Append("structcore-ledger-1");

        public void Add(string? text)
        {
            if (text is null)
            {
                Append("-,");
                return;
            }

            Append(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text)}:"));
            Append(text);
            Append(",");
        }

        public void Add(long? number) => Add(number?.ToString(CultureInfo.InvariantCulture));

        // Plus zero: databases do not keep the sign of a zero.
        public void Add(float? number) => Add(number is { } n ? BitConverter.SingleToUInt32Bits(n + 0f).ToString("x8", CultureInfo.InvariantCulture) : null);

        public void Add(double? number) => Add(number is { } n ? BitConverter.DoubleToUInt64Bits(n + 0d).ToString("x16", CultureInfo.InvariantCulture) : null);

        public void Add(DateTimeOffset? time) => Add(time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));

        public string Hash() => Convert.ToHexStringLower(SHA256.HashData(_bytes.WrittenSpan));

        private void Append(string text) => Encoding.UTF8.GetBytes(text, _bytes);
    }
}
