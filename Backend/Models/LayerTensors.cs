namespace Dashboard.Backend.Models;

/// <summary>The tensors of common layers, by name and shape, known without building one.</summary>
internal static class LayerTensors
{
    public static void AddLinear(Dictionary<string, IReadOnlyList<long>> tensors, string prefix, long input, long output) =>
        (tensors[$"{prefix}.weight"], tensors[$"{prefix}.bias"]) = ([output, input], [output]);

    public static void AddLayerNorm(Dictionary<string, IReadOnlyList<long>> tensors, string prefix, long width) =>
        (tensors[$"{prefix}.weight"], tensors[$"{prefix}.bias"]) = ([width], [width]);
}
