using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Clip;

/// <summary>
/// What is trained: a tower for images, one for texts, and a temperature. A CLIP and a SimSeg differ behind it; the training knows neither.
/// </summary>
internal interface ITextImageNetwork : IDisposable
{
    /// <summary>Every weight, and whether it trains or evaluates.</summary>
    Module Module { get; }

    /// <summary>For people: vocabulary, parameters and towers.</summary>
    string Description { get; }

    /// <summary>Side of the square images that the trained model works on, in pixels.</summary>
    int Resolution { get; }

    /// <summary>Whether the towers make random choices while they train (dropout).</summary>
    bool HasDropout { get; }

    /// <summary>τ, a scalar that stays on the device.</summary>
    Tensor Temperature { get; }

    /// <summary>Keeps τ within its bounds, after each step.</summary>
    void BoundTemperature();

    /// <returns>Ids, on the host: <c>[texts, context length]</c>, int64. Longer texts are cut.</returns>
    Tensor Tokenize(IEnumerable<string> texts);

    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>Features of length one, <c>[N, D]</c>.</returns>
    Tensor Images(Tensor images);

    /// <param name="tokens">As <see cref="Tokenize"/> gives them, on the model's device.</param>
    /// <returns>Features of length one, <c>[N, D]</c>.</returns>
    Tensor Texts(Tensor tokens);

    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>A feature of every patch, <c>[N, D, h, w]</c>, not normalised.</returns>
    Tensor Patches(Tensor images);

    /// <summary>z = u·vᵀ / τ.</summary>
    /// <param name="images">u, <c>[N, D]</c></param>
    /// <param name="texts">v, <c>[N, D]</c></param>
    /// <returns><c>[N, N]</c>: a row for each image.</returns>
    Tensor Logits(Tensor images, Tensor texts);

    /// <summary>Writes model.safetensors, with what tells how to ask the model, and the vocabulary.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    void Save(string folder);
}
