using System.Globalization;
using System.Runtime.InteropServices;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>Whether the wall clock can be believed: records and deadlines of queued triggers are dated by it.</summary>
internal static class ClockCheck
{
    // struct timex of 64-bit Linux: what the kernel knows of the clock's discipline.
    private const int TimexSize = 208;
    private const int MaxErrorOffset = 24;
    private const int StatusOffset = 40;
    private const int Unsynchronised = 0x40;

    // systemd-timesyncd's own word for it, also where the kernel flag was lost over a restart of the service.
    private const string TimesyncFlag = "/run/systemd/timesync/synchronized";

    public static Task RunAsync(TimeProvider time, Findings findings)
    {
        var now = time.GetUtcNow();
        var built = new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(AppContext.BaseDirectory, "structcore.dll")));
        findings.Judge(
            now < built ? $"The clock says {Text(now)}, but this program was built {Text(built)}. Set the clock: timedatectl set-ntp true, and check the battery of the hardware clock." : null,
            $"{Text(now)}, after the program was built");
        if (!OperatingSystem.IsLinux())
        {
            return Task.CompletedTask;
        }

        var state = new byte[TimexSize];
        if (Adjtimex(state) >= 0 && (BitConverter.ToInt32(state, StatusOffset) & Unsynchronised) == 0)
        {
            findings.Ok(string.Create(CultureInfo.InvariantCulture, $"synchronised, off by at most {BitConverter.ToInt64(state, MaxErrorOffset) / 1000.0:F1} ms as the kernel knows"));
        }
        else if (File.Exists(TimesyncFlag))
        {
            findings.Ok("synchronised, says systemd-timesyncd");
        }
        else
        {
            findings.Warning("The clock is not synchronised: times in records may be off. Run: timedatectl set-ntp true, or chrony with the plant's time server. In a container the host's clock counts.");
        }

        return Task.CompletedTask;
    }

    private static string Text(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "adjtimex", SetLastError = true)]
    private static extern int Adjtimex([In, Out] byte[] state);
}
