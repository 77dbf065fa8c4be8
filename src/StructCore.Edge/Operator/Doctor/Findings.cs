namespace StructCore.Edge.Operator.Doctor;

/// <summary>Where one check puts what it finds, line by line, so that what it found before it failed is not lost.</summary>
internal sealed class Findings(string check, Action<Finding> report)
{
    public void Ok(string text) => Add(FindingLevel.Ok, text);

    public void Warning(string text) => Add(FindingLevel.Warning, text);

    public void Fail(string text) => Add(FindingLevel.Fail, text);

    /// <summary>Well where there is no problem.</summary>
    public void Judge(string? problem, string well)
    {
        if (problem is null)
        {
            Ok(well);
        }
        else
        {
            Fail(problem);
        }
    }

    private void Add(FindingLevel level, string text) => report(new(check, level, text.ReplaceLineEndings(" ")));
}
