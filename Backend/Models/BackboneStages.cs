using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models;

/// <summary>What a ResNet sees on its way up: the outputs of its stem and of its four layers.</summary>
internal static class BackboneStages
{
    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>
    /// Of a ResNet-50 with output stride 16: 64 and 256 channels at a quarter of the size, 512 at an eighth, 1024 and 2048 at a sixteenth.
    /// </returns>
    public static Tensor[] Of(ResNet backbone, Tensor images)
    {
        var stages = backbone.named_children().ToDictionary(child => child.name, child => (Module<Tensor, Tensor>)child.module);
        var x = stages["maxpool"].call(functional.relu(stages["bn1"].call(stages["conv1"].call(images))));
        var outputs = new List<Tensor> { x };
        foreach (var layer in (string[])["layer1", "layer2", "layer3", "layer4"])
            outputs.Add(x = stages[layer].call(x));
        return [.. outputs];
    }
}
