using Dashboard.Backend.Postprocess.RandomWalk;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Irn;

/// <summary>What IRNet's two maps say of each pair, in IRN's order of pairs; gradients flow through.</summary>
public sealed class PairAffinity
{
    private readonly List<Offset> _offsets;

    public PairAffinity(PathIndex index)
    {
        Index = index;
        Directions = [.. index.ByPathLength.SelectMany(group => group)];
        _offsets = [.. Directions.SelectMany(direction => direction.Path).Distinct()];
    }

    public PathIndex Index { get; }

    /// <summary>Of the pairs: shortest paths first.</summary>
    public IReadOnlyList<PairDirection> Directions { get; }

    /// <summary>a_ij = 1 - max over k in Π_ij of B(x_k) (IRN, section 4.4).</summary>
    /// <param name="boundary">B, probabilities <c>[N, 1, h, w]</c>.</param>
    /// <returns><c>[N, directions, sources]</c></returns>
    public Tensor Affinity(Tensor boundary)
    {
        using var scope = NewDisposeScope();
        var planes = new PairPlanes(Index, boundary.shape[3], boundary.shape[2]);
        var near = stack([.. _offsets.Select(offset => planes.At(boundary, offset).flatten(1))], 1);
        var strongest = Index.ByPathLength.Select(group =>
        {
            var steps = group.SelectMany(direction => direction.Path).Select(point => (long)_offsets.IndexOf(point)).ToArray();
            return near.index_select(1, tensor(steps, device: boundary.device)).unflatten(1, group.Count, group[0].Path.Count).max(2).values;
        });
        return (1 - cat([.. strongest], 1)).MoveToOuterDisposeScope();
    }

    /// <summary>δ_ij = D(x_i) - D(x_j) (IRN, section 4.3), in rows and columns.</summary>
    /// <param name="displacement">D, <c>[N, 2, h, w]</c>.</param>
    /// <returns><c>[N, 2, directions, sources]</c></returns>
    public Tensor Displacement(Tensor displacement)
    {
        using var scope = NewDisposeScope();
        var planes = new PairPlanes(Index, displacement.shape[3], displacement.shape[2]);
        var from = planes.At(displacement, new(0, 0)).flatten(2).unsqueeze(2);
        var to = stack([.. Directions.Select(direction => planes.At(displacement, direction.Destination).flatten(2))], 2);
        return (from - to).MoveToOuterDisposeScope();
    }

    /// <summary>δ̂_ij, what the displacements of a pair should differ by: the way from one to the other.</summary>
    /// <returns><c>[2, directions, 1]</c></returns>
    public Tensor Way(Device device)
    {
        using var scope = NewDisposeScope();
        var ways = Directions.SelectMany(direction => (float[])[direction.Destination.Y, direction.Destination.X]).ToArray();
        return tensor(ways, new long[] { Directions.Count, 2 }, device: device).t().unsqueeze(2).MoveToOuterDisposeScope();
    }
}
