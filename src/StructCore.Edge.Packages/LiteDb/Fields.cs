using System.Text;
using LiteDB;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>Fields of a document, one kind of value each; null is no field.</summary>
internal static class Fields
{
    /// <summary>Half a surrogate pair, which LiteDB refuses, becomes the replacement character, as it does in the ledger's hash.</summary>
    public static BsonDocument With(this BsonDocument document, string name, string? text) =>
        text is null ? document : document.Put(name, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

    /// <exception cref="ArgumentException">Not a number: nothing could be compared with it.</exception>
    public static BsonDocument With(this BsonDocument document, string name, double? number) => number switch
    {
        null => document,
        double.NaN => throw new ArgumentException($"'{name}' is not a number."),
        { } value => document.Put(name, value),
    };

    public static BsonDocument With(this BsonDocument document, string name, DateTimeOffset? time) =>
        time is { } value ? document.Put(name, value.UtcTicks) : document;

    public static BsonDocument With(this BsonDocument document, string name, BankIdentity? bank) =>
        bank is null ? document : document.With(name + "_id", bank.Id).Put(name + "_version", bank.Version).With(name + "_sha256", bank.Sha256);

    public static string? Text(this BsonDocument document, string name) => document[name].IsNull ? null : document[name].AsString;

    public static double? Number(this BsonDocument document, string name) => document[name].IsNull ? null : document[name].AsDouble;

    /// <exception cref="FormatException">The field holds no time.</exception>
    public static DateTimeOffset Time(this BsonDocument document, string name) =>
        document[name].IsInt64 && document[name].AsInt64 is var ticks && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new(ticks, TimeSpan.Zero)
            : throw new FormatException($"{name} is {document[name]}");

    public static BankIdentity? Bank(this BsonDocument document, string name) =>
        document.Text(name + "_id") is { } id ? new(id, document[name + "_version"].AsInt32, document.Text(name + "_sha256")!) : null;

    private static BsonDocument Put(this BsonDocument document, string name, BsonValue value)
    {
        document[name] = value;
        return document;
    }
}
