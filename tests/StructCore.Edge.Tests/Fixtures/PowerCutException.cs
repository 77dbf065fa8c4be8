namespace StructCore.Tests;

/// <summary>The power is gone. Of no type that the program knows, so that nothing in it can go on as if it had only failed.</summary>
internal sealed class PowerCutException(string step) : Exception($"The power was cut at '{step}'.");
