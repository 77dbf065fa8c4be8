namespace StructCore.Vision.Evaluation;

/// <summary>What a calibration that means to reject a share of the good parts really does. All but the trials are fractions of 1.</summary>
/// <param name="Nominal">The share it means to reject.</param>
/// <param name="Measured">The share of unseen good images it rejected.</param>
/// <param name="Low">Lower end of the Clopper-Pearson 95 % interval of <paramref name="Measured"/>.</param>
/// <param name="High">Upper end.</param>
/// <param name="Miss">The share of the defective images it accepted; null where there is none.</param>
/// <param name="Trials">Good images judged.</param>
public sealed record ReliabilityRow(double Nominal, double Measured, double Low, double High, double? Miss, int Trials);
