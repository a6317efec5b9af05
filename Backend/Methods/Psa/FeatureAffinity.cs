using Dashboard.Backend.Postprocess.RandomWalk;
using Dashboard.Backend.Weights;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>
/// W_ij = exp(-|f_i - f_j|_1), the mean over channels in the authors' code (PSA, section 3.2), in PSA's order of pairs; gradients flow through.
/// </summary>
public sealed class FeatureAffinity(PathIndex index)
{
    /// <summary>Of the pairs, row by row.</summary>
    public IReadOnlyList<PairDirection> Directions => index.Directions;

    /// <param name="features">f^aff, <c>[N, C, h, w]</c>.</param>
    /// <returns><c>[N, directions, sources]</c></returns>
    public Tensor Affinity(Tensor features)
    {
        using var scope = NewDisposeScope();
        var planes = new PairPlanes(index, features.shape[3], features.shape[2]);
        var from = planes.At(features, new(0, 0));
        var distances = Directions.Select(direction => (planes.At(features, direction.Destination) - from).abs().mean([1]).flatten(1));
        return (-stack([.. distances], 1)).exp().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The affinities of one image as a matrix over all positions. Those of a margin that is no source have fewer pairs, as in the authors' code.
    /// </summary>
    /// <param name="affinity"><c>[directions, sources]</c></param>
    public AffinityMatrix Matrix(Tensor affinity, int width, int height)
    {
        var grid = new PairGrid(index.Radius, width, height);
        var from = grid.At(new(0, 0));
        return AffinityMatrix.FromPairs(
            width * height,
            [.. Directions.SelectMany(_ => from)],
            [.. Directions.SelectMany(direction => grid.At(direction.Destination))],
            affinity.ToValues<float>());
    }
}
