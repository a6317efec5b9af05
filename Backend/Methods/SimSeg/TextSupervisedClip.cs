using Dashboard.Backend.Images;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Text;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>A CLIP of any kind, published or small, with global pooling or trained with LoDA's.</summary>
/// <param name="model">In evaluation mode; taken over.</param>
/// <param name="pooling">What it was trained with.</param>
/// <param name="normalisation">What it was trained with: <see cref="Normalisation.Clip"/> in published ones.</param>
public sealed class TextSupervisedClip(ClipModel model, ClipTokenizer tokenizer, FeaturePooling pooling, Normalisation normalisation) : ITextSupervisedModel
{
    public int Resolution => model.Shape.ImageResolution;
    public Normalisation Normalisation => normalisation;
    public Device Device => model.LogitScale.device;

    public ImageFeatures Images(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (image, patches) = model.encode_image_and_patches(images);
        var pooled = TokenPooling.Images(pooling, image, patches.flatten(2).transpose(1, 2));
        return new(pooled.MoveToOuterDisposeScope(), functional.normalize(patches, dim: 1).MoveToOuterDisposeScope());
    }

    /// <exception cref="TextTooLongException">A text has more tokens than the model's context.</exception>
    public Tensor Texts(IReadOnlyList<string> texts)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var context = model.Shape.ContextLength;
        var tokens = tensor(texts.SelectMany(text => tokenizer.Tokenize(text, context)).ToArray(), [texts.Count, context], device: Device);
        if (pooling.Kind == PoolingKind.Global)
            return TokenPooling.L2Norm(model.encode_text(tokens)).MoveToOuterDisposeScope();
        var (words, mask) = model.encode_words(tokens);
        return TokenPooling.Texts(pooling, words, mask).MoveToOuterDisposeScope();
    }

    public void Dispose() => model.Dispose();
}
