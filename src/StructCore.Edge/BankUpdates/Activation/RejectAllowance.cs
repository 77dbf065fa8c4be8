namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>How many of a number of parts a share is.</summary>
internal static class RejectAllowance
{
    // A share such as 0.29 is a little less in binary: of 100 parts it still is 29.
    private const double Rounding = 1e-9;

    public static int Of(double share, int parts) => (int)Math.Floor((share * parts) + Rounding);
}
