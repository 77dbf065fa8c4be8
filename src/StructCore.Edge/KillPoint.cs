namespace StructCore.Edge;

/// <summary>
/// Debugging only: ends the process as <c>kill -9</c> does, at a chosen moment, so that the fault suite can show that nothing is lost there.
/// Does nothing unless the variable <c>STRUCTCORE_KILL_AT</c> names a stage, <c>Stored</c> or <c>Stored:3</c> for its third time.
/// </summary>
internal static class KillPoint
{
    public const string Variable = "STRUCTCORE_KILL_AT";

    private static readonly KillStage? Chosen = Parse(out _countdown);
    private static int _countdown;

    public static void Reach(KillStage stage)
    {
        if (stage == Chosen && Interlocked.Decrement(ref _countdown) == 0)
        {
            using var self = System.Diagnostics.Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private static KillStage? Parse(out int countdown)
    {
        var parts = Environment.GetEnvironmentVariable(Variable)?.Split(':') ?? [];
        countdown = parts.Length > 1 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : 1;
        return parts.Length > 0 && parts[0].Length > 0 ? Enum.Parse<KillStage>(parts[0]) : null;
    }
}
