namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>The attention between an image tower's patches, which takes most of its memory.</summary>
/// <param name="PatchSize">Side of a patch, in pixels.</param>
/// <param name="Heads">Attention heads; 0 for a convolutional network, whose patches do not attend to each other.</param>
public sealed record PatchAttention(int PatchSize, int Heads)
{
    /// <summary>Patches of a square image.</summary>
    /// <param name="side">In pixels.</param>
    public long Patches(int side) => (long)(side / PatchSize) * (side / PatchSize);

    /// <summary>Scores <c>[heads, patches + 1, patches + 1]</c> and their softmax, which are there at once, in single precision.</summary>
    public long Bytes(int side) => 2L * sizeof(float) * Heads * (Patches(side) + 1) * (Patches(side) + 1);
}
