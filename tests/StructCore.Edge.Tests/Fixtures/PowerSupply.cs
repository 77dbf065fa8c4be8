namespace StructCore.Tests;

/// <summary>What keeps a station under test alive: counts every step that changes its disk, and is cut at the one the test chose. Nothing changes the disk after that. Thread-safe.</summary>
/// <param name="cutAt">Number of the step, from 1, that does not happen any more; 0: none.</param>
internal sealed class PowerSupply(int cutAt = 0)
{
    private readonly Lock _gate = new();
    private readonly List<string> _steps = [];
    private readonly TaskCompletionSource<string> _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the step at which the power was cut.</summary>
    public Task<string> Cut => _cut.Task;

    public bool IsOff => _cut.Task.IsCompleted;

    /// <summary>The steps so far, in words.</summary>
    public IReadOnlyList<string> Steps
    {
        get
        {
            lock (_gate)
            {
                return [.. _steps];
            }
        }
    }

    /// <summary>Returns while the power lasts; it may end here.</summary>
    /// <exception cref="PowerCutException">The power is gone.</exception>
    public void Step(string step)
    {
        lock (_gate)
        {
            if (!IsOff)
            {
                _steps.Add(step);
                if (_steps.Count == cutAt)
                {
                    _cut.SetResult(step);
                }
            }

            if (IsOff)
            {
                throw new PowerCutException(step);
            }
        }
    }
}
