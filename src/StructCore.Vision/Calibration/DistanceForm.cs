namespace StructCore.Vision.Calibration;

/// <summary>How the structural distance D treats a map that is calmer than normal (SPEC 8).</summary>
public enum DistanceForm
{
    /// <summary>phi - mu, the paper's form.</summary>
    TwoSided,

    /// <summary>max(0, phi - mu): calmer than normal is no defect.</summary>
    OneSided,
}
