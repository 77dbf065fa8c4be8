using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Inference;

/// <summary>The prototypes of a set of categories on the device, bound to the routing graph.</summary>
/// <remarks>Used from one <see cref="DeviceThread"/>.</remarks>
internal sealed class DeviceRouter : IDisposable
{
    // Distances of unit vectors come from a product here and are exact to a few units of 6e-8: what is closer than this is the same.
    private const float Rounding = 1e-6f;

    private readonly DeviceSession _session;
    private readonly DeviceTensors _tensors;
    private readonly string[] _categories;

    /// <summary>Uploads the prototypes of <paramref name="banks"/>.</summary>
    /// <param name="session">The routing graph's.</param>
    /// <param name="banks">At least one, each category once, all of one width.</param>
    /// <param name="patches">P.</param>
    public DeviceRouter(DeviceSession session, IReadOnlyList<RoutingBank> banks, int patches)
    {
        (_session, _tensors) = (session, new DeviceTensors(session));
        var ordered = banks.OrderBy(b => b.Category, StringComparer.Ordinal).ToArray();
        _categories = [.. ordered.Select(b => b.Category)];
        var (width, most) = (ordered[0].Width, ordered.Max(b => b.Rows));
        var (prototypes, norms, weights) = (new float[ordered.Length * most * width], new float[ordered.Length * most], new float[ordered.Length * most]);
        for (var i = 0; i < norms.Length; i++)
        {
            // A prototype that stands there twice changes no minimum over them, and counts once.
            var bank = ordered[i / most];
            var prototype = bank.Prototypes.Slice(i % most % bank.Rows * width, width);
            prototype.CopyTo(prototypes.AsSpan(i * width));
            norms[i] = TensorPrimitives.SumOfSquares(prototype);
            weights[i] = i % most < bank.Rows ? 1f / bank.Rows : 0;
        }

        _tensors.Hold(RoutingGraph.Prototypes, prototypes, norms.Length, width);
        _tensors.Hold(RoutingGraph.Norms, norms, norms.Length);
        _tensors.Hold(RoutingGraph.Weights, weights, ordered.Length, most);
        _tensors.Hold(RoutingGraph.Shape, [-1L, patches, ordered.Length, most], 4);
    }

    /// <summary>Routes every image of a batch.</summary>
    /// <param name="features">z, [N, P, D], on the device.</param>
    /// <param name="count">N.</param>
    /// <param name="cancellationToken">Gives up between two nodes.</param>
    /// <returns>Where each belongs, and whether all its features are finite.</returns>
    public (Route Route, bool IsFinite)[] Route(OrtValue features, int count, CancellationToken cancellationToken)
    {
        var (routes, covers, sums) = (new float[count * _categories.Length], new float[count * _categories.Length], new float[count]);
        using var routeValues = OrtValue.CreateTensorValueFromMemory(routes, [count, _categories.Length]);
        using var coverValues = OrtValue.CreateTensorValueFromMemory(covers, [count, _categories.Length]);
        using var sumValues = OrtValue.CreateTensorValueFromMemory(sums, [count]);
        _tensors.Binding.BindInput(RoutingGraph.Features, features);
        _tensors.Binding.BindOutput(RoutingGraph.Routes, routeValues);
        _tensors.Binding.BindOutput(RoutingGraph.Covers, coverValues);
        _tensors.Binding.BindOutput(RoutingGraph.Sums, sumValues);
        _session.Run(_tensors.Binding, cancellationToken: cancellationToken);
        return [.. Enumerable.Range(0, count).Select(i => (RouteOf(routes.AsSpan(i * _categories.Length, _categories.Length), covers.AsSpan(i * _categories.Length, _categories.Length)), float.IsFinite(sums[i])))];
    }

    public void Dispose() => _tensors.Dispose();

    private Route RouteOf(ReadOnlySpan<float> routes, ReadOnlySpan<float> covers)
    {
        var (distances, coverDistances) = (new SortedDictionary<string, float>(StringComparer.Ordinal), new SortedDictionary<string, float>(StringComparer.Ordinal));
        for (var c = 0; c < routes.Length; c++)
        {
            distances.Add(_categories[c], routes[c]);
            coverDistances.Add(_categories[c], covers[c]);
        }

        // Ordinal order: the first of equals wins.
        var limit = TensorPrimitives.Min(routes) + Rounding;
        return new Route(distances.First(d => !(d.Value > limit)).Key, distances, coverDistances);
    }
}
