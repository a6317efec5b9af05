using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods;

/// <summary>Number format that a network trains in.</summary>
[RefusedChoice("float16",
    "Activations and gradients overflow in float16, whose largest number is 65504. Choose bfloat16, which is as fast and reaches as far as float32.")]
public enum Precision
{
    Float32,

    /// <summary>
    /// Convolutions and matrix products in bfloat16, forward and backward; weights, losses and the statistics of normalisation in float32.
    /// </summary>
    Bfloat16,
}
