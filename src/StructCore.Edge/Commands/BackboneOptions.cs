using System.CommandLine;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary>Options that say what runs a backbone: <c>--provider</c>, <c>--device</c>, <c>--precision</c>, <c>--threads</c>.</summary>
internal sealed class BackboneOptions
{
    private readonly Option<string> _provider = ChoiceOption.Create("--provider", "What runs the backbone", ExecutionProvider.Cpu);
    private readonly Option<int> _device = NumberOption.Whole("--device", "N", "Index of the GPU", 0, 0, 15);
    private readonly Option<string> _precision = ChoiceOption.Create("--precision", "Numbers the backbone computes in; tf32 and fp16 pay on a GPU", Precision.Fp32);
    private readonly Option<int> _threads = NumberOption.Whole("--threads", "N", "Threads per image, 0 for one per core; images are worked on side by side", 1, 0, 256);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_provider, _device, _precision, _threads])
        {
            command.Add(option);
        }
    }

    public ExtractorOptions Read(ParseResult parsed) => new()
    {
        Provider = ChoiceOption.Parse<ExecutionProvider>(parsed.GetRequiredValue(_provider)),
        Device = parsed.GetValue(_device),
        Precision = ChoiceOption.Parse<Precision>(parsed.GetRequiredValue(_precision)),
        Threads = parsed.GetValue(_threads),
    };
}
