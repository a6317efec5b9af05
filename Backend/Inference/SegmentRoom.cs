using Dashboard.Backend.Methods.SimSeg;

namespace Dashboard.Backend.Inference;

/// <summary>
/// How large an image may be for one request. Whatever is bounded grows with the side, some of it with its fourth power: the model may be of any
/// size, and so may be what is asked of it.
/// </summary>
/// <param name="attention">Of the model's image tower.</param>
/// <param name="usual">Side that the model was made for, in pixels.</param>
/// <param name="candidates">Classes whose maps are sent.</param>
/// <param name="names">Classes that are scored, the background's included.</param>
/// <param name="memory">Bytes that attention may take; null: 2 GB, or a quarter of the machine's memory where that is less.</param>
public sealed class SegmentRoom(PatchAttention attention, int usual, int candidates, int names, long? memory = null)
{
    /// <summary>Times the side that the model was made for: beyond, its position embedding means nothing.</summary>
    private const int LargestEnlargement = 4;

    /// <summary>Of the image as the model sees it, and as the CRF does: 2048 pixels a side.</summary>
    private const long MostPixels = 4 << 20;

    /// <summary>Pixels of all candidates' maps together: bounds what a browser is sent.</summary>
    private const long MostMapPixels = 16 << 20;

    /// <summary>Cosines of names and patches, which are sent too.</summary>
    private const long MostSimilarities = 4 << 20;

    private const long MostAttention = 2L << 30;

    private readonly long _memory = memory ?? Math.Min(MostAttention, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>Why an image cannot be asked about at a side, with the side at which it can; null where it can.</summary>
    public string? Refuse(int side)
    {
        if (Fits(side))
            return null;
        var most = Enumerable.Range(1, side / attention.PatchSize).Select(patches => patches * attention.PatchSize).LastOrDefault(Fits);
        if (most == 0)
            return $"The model needs more memory for an image than there is: attention may take {_memory >> 20} MB. Choose a smaller model.";
        if (ModelFits(side))
            return $"resolution: maps of {candidates} candidates among {names} names at {side} pixels a side are more than can be shown; {most} "
                + "pixels a side would do. Lower candidates or resolution, or give fewer names.";
        var remedy = usual <= most ? $"Lower resolution, or choose 0 for the model's own, which is {usual}." : "Lower resolution.";
        return $"resolution: the model was made for {usual} pixels a side and takes at most {most}, not {side}. {remedy}";
    }

    private bool Fits(int side) => ModelFits(side)
        && (long)side * side * candidates <= MostMapPixels
        && attention.Patches(side) * names <= MostSimilarities;

    private bool ModelFits(int side) => side <= LargestEnlargement * usual && (long)side * side <= MostPixels && attention.Bytes(side) <= _memory;
}
