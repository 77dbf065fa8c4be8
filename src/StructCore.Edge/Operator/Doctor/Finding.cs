namespace StructCore.Edge.Operator.Doctor;

/// <summary>One line of the report.</summary>
/// <param name="Check">The check that found it.</param>
/// <param name="Text">What was found and, unless it is well, what to do.</param>
internal sealed record Finding(string Check, FindingLevel Level, string Text);
