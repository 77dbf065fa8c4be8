using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using StructCore.Edge.Telemetry;

namespace StructCore.Tests.Telemetry;

/// <summary>Everything one agent's instruments measured, as <c>name{label=value,…}</c> and value.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value)> _all = new();
    private readonly MeterListener _listener = new();

    public Measurements(Instruments instruments)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == instruments.Meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.Start();
    }

    public IReadOnlyList<(string Name, double Value)> All => [.. _all];

    public IEnumerable<double> Of(string name) => All.Where(m => m.Name == name).Select(m => m.Value);

    public void Collect() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        _all.Enqueue(($"{instrument.Name}{{{string.Join(',', labels.ToArray().Select(l => $"{l.Key}={l.Value}"))}}}", value));
}
