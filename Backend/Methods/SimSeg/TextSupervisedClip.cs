using Dashboard.Backend.Images;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>A CLIP of any kind, published or small, with global pooling or trained with LoDA's.</summary>
/// <param name="clip">Taken over.</param>
public sealed class TextSupervisedClip(LoadedClip clip) : ITextSupervisedModel
{
    public LoadedClip Clip => clip;
    public int Resolution => clip.Model.Shape.ImageResolution;
    public Normalisation Normalisation => Normalisation.Of(clip.Recipe.Normalisation);
    public Device Device => clip.Model.LogitScale.device;

    public PatchAttention Attention =>
        clip.Model.Shape is { PatchSize: { } patch, VisionHeads: var heads } ? new(patch, heads) : new(ClipShape.ResNetFactor, Heads: 0);

    public int? LongestText => clip.Model.Shape.ContextLength;

    public int Tokens(string text) => clip.Tokens(text);

    public IReadOnlyList<string> UnknownWords(string text) => clip.Tokenizer.UnknownWords(text);

    public ImageFeatures Images(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (image, patches) = clip.Pooled.ImagesAndPatches(images);
        return new(image.MoveToOuterDisposeScope(), functional.normalize(patches, dim: 1).MoveToOuterDisposeScope());
    }

    /// <exception cref="TextTooLongException">A text has more tokens than the model's context.</exception>
    public Tensor Texts(IReadOnlyList<string> texts) => clip.Texts(texts);

    public void Dispose() => clip.Dispose();
}
