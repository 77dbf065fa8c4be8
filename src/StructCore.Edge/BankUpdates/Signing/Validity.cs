using System.Globalization;

namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>From when to when a document counts.</summary>
internal static class Validity
{
    // Two clocks, neither of them perfect.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    /// <exception cref="UpdateRefusedException"><paramref name="now"/> is before <paramref name="created"/> or after <paramref name="expires"/>.</exception>
    public static void Require(string subject, DateTimeOffset created, DateTimeOffset expires, DateTimeOffset now)
    {
        if (now > expires)
        {
            throw new UpdateRefusedException(UpdateRefusal.Expired, $"{subject} expired at {Text(expires)}; it is {Text(now)}. Sign it again.");
        }

        if (!HasBegun(created, now))
        {
            throw new UpdateRefusedException(UpdateRefusal.Expired, $"{subject} counts from {Text(created)}; it is {Text(now)}. Set the clock of this machine, or of the one that signed.");
        }
    }

    public static bool HasBegun(DateTimeOffset from, DateTimeOffset now) => now >= from - Tolerance;

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
