using System.CommandLine;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary>Options that say what runs a backbone: <c>--provider</c>, <c>--device</c>, <c>--precision</c>, <c>--threads</c>.</summary>
internal sealed class BackboneOptions
{
    // Spelled as in the configuration.
    private static readonly string[] Providers = [.. Enum.GetNames<ExecutionProvider>().Select(n => n.ToLowerInvariant())];

    private readonly Option<string> _provider = new("--provider") { Description = "What runs the backbone", DefaultValueFactory = _ => Providers[0] };
    private readonly Option<int> _device = NumberOption.Whole("--device", "N", "Index of the GPU", 0, 0, 15);
    private readonly Option<string> _precision = ChoiceOption.Create("--precision", "Numbers the backbone computes in; tf32 and fp16 pay on a GPU", Precision.Fp32);
    private readonly Option<int> _threads = NumberOption.Whole("--threads", "N", "Threads per image, 0 for one per core; images are worked on side by side", 1, 0, 256);

    public void AddTo(Command command)
    {
        _provider.AcceptOnlyFromAmong(Providers);
        foreach (var option in (Option[])[_provider, _device, _precision, _threads])
        {
            command.Add(option);
        }
    }

    public ExtractorOptions Read(ParseResult parsed) => new()
    {
        Provider = Enum.Parse<ExecutionProvider>(parsed.GetRequiredValue(_provider), ignoreCase: true),
        Device = parsed.GetValue(_device),
        Precision = ChoiceOption.Parse<Precision>(parsed.GetRequiredValue(_precision)),
        Threads = parsed.GetValue(_threads),
    };
}
