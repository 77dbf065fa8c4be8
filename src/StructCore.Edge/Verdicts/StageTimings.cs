namespace StructCore.Edge.Verdicts;

/// <summary>Milliseconds an inspection spent in each stage.</summary>
public readonly record struct StageTimings(double Queue, double Grab, double Features, double Score, double Store, double Total);
