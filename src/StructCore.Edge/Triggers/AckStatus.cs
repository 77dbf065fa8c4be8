namespace StructCore.Edge.Triggers;

/// <summary>The answer to the trigger itself, not to the part.</summary>
internal enum AckStatus
{
    Accepted,
    Busy,
    Duplicate,
    Invalid,
    NotReady,
    UnknownRecipe,
}
