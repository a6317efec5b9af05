using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.SimSeg;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Methods.SimSeg;

/// <summary>
/// A model that knows colours: a patch's feature is its mean colour, an image's the mean of its patches, and texts name red, green and blue.
/// </summary>
internal sealed class PatchColours : ITextSupervisedModel
{
    public const int PatchSize = 8;

    public int Resolution => 32;

    /// <summary>Colours as they are, 0..1.</summary>
    public Normalisation Normalisation { get; } = new([0, 0, 0], [1, 1, 1]);

    public Device Device => CPU;

    public PatchAttention Attention => new(PatchSize, Heads: 0);

    public int? LongestText { get; init; }

    /// <summary>One a word.</summary>
    public int Tokens(string text) => text.Split(' ').Length + 2;

    public List<string> Asked { get; } = [];

    public ImageFeatures Images(Tensor images)
    {
        var patches = functional.avg_pool2d(images, PatchSize) + 1e-3;
        return new(functional.normalize(patches.mean([2, 3]), dim: 1), functional.normalize(patches, dim: 1));
    }

    public Tensor Texts(IReadOnlyList<string> texts)
    {
        Asked.AddRange(texts);
        string[] colours = ["red", "green", "blue"];
        var values = texts.SelectMany(text => colours.Select(colour => text.Contains(colour, StringComparison.Ordinal) ? 1f : 0.01f)).ToArray();
        return functional.normalize(tensor(values, [texts.Count, 3]), dim: 1);
    }

    public void Dispose()
    {
    }
}
