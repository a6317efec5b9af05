using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Clims;

/// <summary>Features of a run's prompts, all of length one. They do not change while CLIMS trains, so they are computed once.</summary>
/// <param name="Classes"><c>[K, D]</c>, of "a photo of {class}."</param>
/// <param name="Backgrounds"><c>[J, D]</c>, of the co-occurring backgrounds; J may be 0.</param>
/// <param name="Related">
/// <c>[K, J]</c>, bool: which backgrounds go with a class, as published. Null: all with every class, as in the authors' code.
/// </param>
public sealed record ClimsTexts(Tensor Classes, Tensor Backgrounds, Tensor? Related = null);
