using Dashboard.Backend.Images;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>
/// A model that has learnt from images and their texts, with features of patches and of texts in one space: all that zero-shot masks need.
/// </summary>
public interface ITextSupervisedModel : IDisposable
{
    /// <summary>Side of the square images that suit it best, in pixels.</summary>
    int Resolution { get; }

    /// <summary>What its pixels are normalised by.</summary>
    Normalisation Normalisation { get; }

    Device Device { get; }

    /// <summary>Of the image tower.</summary>
    PatchAttention Attention { get; }

    /// <summary>Without a gradient.</summary>
    /// <param name="images">Normalised images <c>[N, 3, H, W]</c> on <see cref="Device"/>.</param>
    ImageFeatures Images(Tensor images);

    /// <summary>Tokens that it reads from a text, start and end included; null where it was made to read the beginning of longer ones.</summary>
    int? LongestText { get; }

    /// <summary>Start and end included.</summary>
    int Tokens(string text);

    /// <summary>Words of a text that the model has hardly learnt, as far as its vocabulary tells: their scores say little.</summary>
    IReadOnlyList<string> UnknownWords(string text) => [];

    /// <summary>Without a gradient.</summary>
    /// <returns>Features of length one, <c>[texts, D]</c>.</returns>
    Tensor Texts(IReadOnlyList<string> texts);
}

/// <summary>Features of images, all of length one.</summary>
/// <param name="Image">g, pooled over the image, <c>[N, D]</c>.</param>
/// <param name="Patches">v, row by row, <c>[N, D, h, w]</c>.</param>
public sealed record ImageFeatures(Tensor Image, Tensor Patches);
