using System.CommandLine;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Commands;

/// <summary><c>--frame</c>: how frames become the backbone's input, spelt as in a bank's manifest.</summary>
internal static class FrameOption
{
    public static Option<string?> Create(string standard)
    {
        var frame = new Option<string?>("--frame") { HelpName = "MODE", Description = $"centre-crop or full-frame [default: {standard}]" };
        frame.AcceptOnlyFromAmong(ChoiceOption.Names<FrameMode>());
        return frame;
    }

    /// <summary>Null where it was not given.</summary>
    public static FrameMode? Parse(string? given) => given is null ? null : ChoiceOption.Parse<FrameMode>(given);
}
