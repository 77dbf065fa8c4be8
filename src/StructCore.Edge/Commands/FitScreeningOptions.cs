using System.CommandLine;
using StructCore.Vision.Datasets;

namespace StructCore.Edge.Commands;

/// <summary>Options of <c>fit</c> for images that the others contradict: <c>--screen</c>, <c>--report</c>, and those of the mutual scoring.</summary>
/// <param name="unlabelled">Screens too.</param>
internal sealed class FitScreeningOptions(Option<string?> unlabelled)
{
    private readonly Option<bool> _screen = new("--screen") { Description = "Leave out images that the others contradict by the scores of the calibration, or where there are none, by mutual scoring; --unlabelled does" };
    private readonly Option<string?> _report = new("--report") { HelpName = "DIR", Description = "Write overlays of the images that the others contradict there, by category" };
    private readonly Option<double?> _leaveOut = BatchScreening.CreateLeaveOutOption();
    private readonly Option<int?> _group = BatchScreening.CreateGroupOption();
    private readonly Option<string?> _files = new("--screening") { HelpName = "DIR", Description = "With --unlabelled or --screen: where it came to mutual scoring, write its ranking, proposed images and contact sheet there, as screen --out does; by category where there are several" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_screen, _report, _leaveOut, _group, _files])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            var screens = result.GetValue(unlabelled) is not null || result.GetValue(_screen);
            if (!screens && new Option[] { _leaveOut, _group, _files }.FirstOrDefault(o => result.GetResult(o) is { Implicit: false }) is { } without)
            {
                result.AddError($"{without.Name} is an option of --unlabelled and --screen.");
            }
        });
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="product">The one to fit.</param>
    /// <param name="products">How many are fitted.</param>
    public FitScreening Read(ParseResult parsed, ProductImages product, int products)
    {
        var files = parsed.GetValue(_files) is { } folder && products > 1 ? Path.Combine(folder, product.Category) : parsed.GetValue(_files);
        return new FitScreening(parsed.GetValue(_screen) || parsed.GetValue(unlabelled) is not null, parsed.GetValue(_leaveOut), parsed.GetValue(_group), files, parsed.GetValue(_report));
    }
}
