namespace StructCore.Edge.Operator.Doctor;

/// <summary>How bad a finding is.</summary>
internal enum FindingLevel
{
    Ok,

    /// <summary>Works, but somebody should look.</summary>
    Warning,

    /// <summary>The line cannot depend on this.</summary>
    Fail,
}
