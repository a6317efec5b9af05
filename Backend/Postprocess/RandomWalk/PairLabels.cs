using static TorchSharp.torch;

namespace Dashboard.Backend.Postprocess.RandomWalk;

/// <summary>
/// The pairs of labelled positions by what is known of them: P+ where their labels are equal, split into background and foreground, and P- where they
/// differ (IRN, section 4.2). As float masks, 1 where the pair belongs.
/// </summary>
/// <param name="BackgroundPositive">P+_bg, <c>[N, directions, sources]</c></param>
/// <param name="ForegroundPositive">P+_fg, likewise.</param>
/// <param name="Negative">P-, likewise.</param>
public sealed record PairLabels(Tensor BackgroundPositive, Tensor ForegroundPositive, Tensor Negative)
{
    /// <param name="labels">Of the positions, <c>[N, h, w]</c> of type int64.</param>
    /// <param name="directions">Of the pairs, in the order wanted.</param>
    /// <param name="firstInvalid">Labels from here on say nothing, 255 among them: 21 in IRN's code, 255 in PSA's.</param>
    public static PairLabels Of(Tensor labels, PathIndex index, IEnumerable<PairDirection> directions, long firstInvalid)
    {
        using var scope = NewDisposeScope();
        var pairs = new PairPlanes(index, labels.shape[^1], labels.shape[^2]);
        var from = pairs.At(labels, new(0, 0)).flatten(1).unsqueeze(1);
        var to = stack([.. directions.Select(direction => pairs.At(labels, direction.Destination).flatten(1))], 1);
        var valid = from.lt(firstInvalid) & to.lt(firstInvalid);
        var equal = from.eq(to) & valid;
        var background = from.eq(0);
        return new(
            (equal & background).to(float32).MoveToOuterDisposeScope(),
            (equal & background.logical_not()).to(float32).MoveToOuterDisposeScope(),
            (valid & from.ne(to)).to(float32).MoveToOuterDisposeScope());
    }
}
