using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Postprocess;

/// <summary>
/// <see cref="PermutohedralLattice"/> by tensor operations: the same vertices, weights and neighbours. A vertex is named by d+1 times its key plus
/// its remainder, and the names that occur are sorted: vertex number v + 1 has name v, and row 0 is zero, for every vertex that does not exist.
/// </summary>
internal sealed class TensorLattice : IDisposable
{
    private readonly LatticeGrid _grid;

    /// <summary><c>[N, d+1]</c>: the vertices of each pixel's simplex, and its barycentric coordinates.</summary>
    private readonly Tensor _vertices, _weights;

    /// <summary>Pixels and weights vertex by vertex, <c>[N (d+1)]</c>, and where each vertex begins, <c>[M]</c>.</summary>
    private readonly Tensor _pixelsByVertex, _weightsByVertex, _starts;

    /// <summary><c>[d+1, 2, M+1]</c>: per axis, the vertex one step down and the one a step up.</summary>
    private readonly Tensor _neighbours;

    /// <exception cref="ArgumentException">The features spread over more cells than can be numbered.</exception>
    public TensorLattice(float[][] features, Device device)
    {
        using var scope = NewDisposeScope();
        _grid = new(features);
        var remainders = _grid.Dimensions + 1;
        var (names, weights) = Embed(stack(features.Select(values => tensor(values, device: device))));

        var (distinct, inverse, counts) = names.t().unique(sorted: true, return_inverse: true, return_counts: true);
        var byVertex = inverse!.flatten().sort(0, descending: false, stable: true).Indices;
        _vertices = Keep(inverse + 1);
        _weights = Keep(weights.t().contiguous());
        _pixelsByVertex = Keep(byVertex.div(remainders, RoundingMode.floor));
        _weightsByVertex = Keep(_weights.flatten()[byVertex]);
        _starts = Keep(counts!.cumsum(0) - counts);
        _neighbours = Keep(stack(Enumerable.Range(0, remainders).Select(axis =>
            stack([Neighbour(distinct, axis, 1), Neighbour(distinct, axis, -1)]))));

        static Tensor Keep(Tensor values) => values.DetachFromDisposeScope();
    }

    /// <summary>Splat, blur along the axes, slice.</summary>
    /// <param name="rows"><c>[N, labels]</c></param>
    /// <returns><c>[N, labels]</c></returns>
    public Tensor Filter(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var splat = WeightedSums(rows, _pixelsByVertex, _starts, _weightsByVertex);
        var vertices = cat([splat.new_zeros(1, splat.shape[1]), splat], 0);
        for (var axis = 0; axis <= _grid.Dimensions; axis++)
        {
            var around = vertices.index_select(0, _neighbours[axis, 0]) + vertices.index_select(0, _neighbours[axis, 1]);
            vertices = vertices + around.mul_(0.5f);
        }
        return WeightedSums(vertices, _vertices, null, _weights).mul_(_grid.Alpha).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var kept in (Tensor[])[_vertices, _weights, _pixelsByVertex, _weightsByVertex, _starts, _neighbours])
            kept.Dispose();
    }

    /// <summary>
    /// <see cref="LatticeEmbedding"/>'s steps, all pixels at once: names of the vertices and barycentric coordinates, both <c>[d+1, N]</c>.
    /// </summary>
    /// <param name="features"><c>[d, N]</c></param>
    private (Tensor Names, Tensor Weights) Embed(Tensor features)
    {
        using var scope = NewDisposeScope();
        var (d, device, pixels) = (_grid.Dimensions, features.device, features.shape[1]);

        // Elevate onto the plane where coordinates sum to 0.
        var coordinates = new Tensor[d + 1];
        var sum = zeros(pixels, device: device);
        for (var j = d; j > 0; j--)
        {
            var scaled = features[j - 1] * _grid.Scales[j - 1];
            coordinates[j] = sum - scaled * (float)j;
            sum = sum + scaled;
        }
        coordinates[0] = sum;
        var elevated = stack(coordinates);

        // The nearest point of remainder 0, off the plane by `excess`.
        var rounded = (elevated * (1f / (d + 1))).round();
        var quotient = rounded.to(int64);
        var residual = elevated - rounded * (float)(d + 1);
        var excess = quotient.sum([0]);

        // The order of the residuals says in which simplex the point lies; of equals the first comes first.
        var less = residual.unsqueeze(1) < residual.unsqueeze(0);
        var later = ones(d + 1, d + 1, device: device, dtype: int64).triu(1).to(@bool).unsqueeze(2);
        var rank = (less & later).sum([1]) + (less.transpose(0, 1).logical_not() & later.transpose(0, 1)).sum([1]) + excess;

        // Back onto the plane, by one step where the order allows it.
        var (up, down) = ((rank < 0).to(int64), (rank > d).to(int64));
        rank = rank + (up - down) * (d + 1);
        quotient = quotient + up - down;
        residual = (elevated - (quotient * (d + 1)).to(float32)) * (1f / (d + 1));

        long[] shape = [d + 1, 1];
        var strides = tensor(_grid.Strides, shape, device: device);
        var byRank = zeros_like(residual).scatter_(0, rank, residual);
        var strideByRank = zeros_like(rank).scatter_(0, rank, strides.expand(d + 1, pixels));
        var key = ((quotient - tensor([.. _grid.Origins, 0L], shape, device: device)) * strides).sum([0]);

        // From remainder k-1 to k the largest remaining coordinate falls by d, the others rise by 1.
        var (names, weights) = (new Tensor[d + 1], new Tensor[d + 1]);
        (names[0], weights[0]) = (key * (d + 1), byRank[d] + (1 - byRank[0]));
        for (var k = 1; k <= d; k++)
        {
            key = key - strideByRank[d - k + 1];
            (names[k], weights[k]) = (key * (d + 1) + k, byRank[d - k] - byRank[d - k + 1]);
        }
        return (stack(names).MoveToOuterDisposeScope(), stack(weights).MoveToOuterDisposeScope());
    }

    /// <summary>The neighbour of each vertex one step down an axis, or up.</summary>
    /// <param name="names">All there are, ascending.</param>
    /// <param name="direction">1 for down, -1 for up.</param>
    /// <returns><c>[M+1]</c>, of row 0 and where there is none 0.</returns>
    private Tensor Neighbour(Tensor names, int axis, int direction)
    {
        using var scope = NewDisposeScope();
        var remainders = _grid.Dimensions + 1;
        // By remainder: what a step adds to a name. A step up undoes the step down of the vertex above, whose remainder is one higher.
        var steps = Enumerable.Range(0, remainders).Select(remainder =>
        {
            var from = direction > 0 ? remainder : (remainder + 1) % remainders;
            var (below, step) = _grid.Below(from, axis);
            return direction * (step * remainders + below - from);
        });
        var wanted = names + tensor(steps.ToArray(), device: names.device)[names.remainder(remainders)];
        var places = searchsorted(names, wanted).clamp(0, names.shape[0] - 1);
        var found = names[places] == wanted;
        return cat([zeros(1, int64, names.device), (places + 1) * found], 0).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// sum over j of weights[j] * rows[indices[j]], for each range of indices, or for each row of them where they are <c>[N, d+1]</c>.
    /// </summary>
    private static Tensor WeightedSums(Tensor rows, Tensor indices, Tensor? starts, Tensor weights)
    {
        using EmbeddingBag bag = nn.EmbeddingBag_from_pretrained(rows, freeze: true, mode: EmbeddingBagMode.Sum);
        return bag.call(indices, starts, weights);
    }
}
