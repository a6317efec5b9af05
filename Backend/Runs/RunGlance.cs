namespace Dashboard.Backend.Runs;

/// <summary>What a list shows of a run beside its mIoU, so that it need not open the log.</summary>
/// <param name="Low">Lower end of the interval of the run's <see cref="Domain.Runs.MainScore"/>, 0..1; null where it has none.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Stage">What was scored: one of <see cref="Domain.Runs.Protocol.Stages"/>; null before the first evaluation.</param>
/// <param name="Picture">A map of the last snapshot, relative to the run folder; null before the first.</param>
/// <param name="Loss">
/// The loss so far, at most <see cref="Store.LossCurve.Points"/> letters from 'a', its lowest value, to 'z', its highest; null for what trains
/// nothing.
/// </param>
public sealed record RunGlance(double? Low, double? High, string? Stage, string? Picture, string? Loss)
{
    public static RunGlance None { get; } = new(null, null, null, null, null);
}
