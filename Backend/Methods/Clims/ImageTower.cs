using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Clims;

/// <summary>
/// An image encoder f_i that CLIMS uses: CLIP's, or any other of the same form. It must not learn, and must not mix the images of a batch (evaluation
/// mode).
/// </summary>
/// <param name="images"><c>[M, 3, S, S]</c></param>
/// <returns>Features <c>[M, D]</c> of length one.</returns>
public delegate Tensor ImageTower(Tensor images);
