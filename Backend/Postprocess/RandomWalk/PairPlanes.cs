using static TorchSharp.torch;

namespace Dashboard.Backend.Postprocess.RandomWalk;

/// <summary>A batch of maps seen from the sources of a <see cref="PairGrid"/>: views that are shifted by an offset.</summary>
public sealed class PairPlanes(PathIndex index, long width, long height)
{
    private readonly PairGrid _grid = new(index.Radius, (int)width, (int)height);

    /// <param name="maps"><c>[..., height, width]</c></param>
    /// <returns>A view <c>[..., Rows, Columns]</c>: of each source the position at the offset. Empty where the grid has no sources.</returns>
    public Tensor At(Tensor maps, Offset offset) =>
        maps.narrow(-2, _grid.Rows == 0 ? 0 : offset.Y, _grid.Rows).narrow(-1, _grid.Columns == 0 ? 0 : _grid.Margin + offset.X, _grid.Columns);
}
