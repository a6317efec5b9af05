using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Deeplab;

/// <summary>
/// ASPP as DeepLabV3 has it: a 1x1 convolution, 3x3 ones of several dilations and the mean of the whole image side by side, then one convolution over
/// them all. The mean goes without BatchNorm, so that a batch may hold a single image.
/// </summary>
public sealed class ImagePoolingAspp : Module<Tensor, Tensor>
{
    private readonly ModuleList<Sequential> branches;
    private readonly Sequential pooling, project;

    public ImagePoolingAspp(long channels, long width, IReadOnlyList<long> rates)
        : base(nameof(ImagePoolingAspp))
    {
        branches = ModuleList(
            [DeeplabV3Plus.ConvNorm(channels, width, kernel: 1), .. rates.Select(rate => DeeplabV3Plus.ConvNorm(channels, width, kernel: 3, rate))]);
        pooling = Sequential(("conv", Conv2d(channels, width, kernel_size: 1)), ("relu", ReLU(inplace: true)));
        project = DeeplabV3Plus.ConvNorm((rates.Count + 2) * width, width, kernel: 1);
        RegisterComponents();
    }

    /// <param name="features"><c>[N, channels, H, W]</c></param>
    /// <returns><c>[N, width, H, W]</c></returns>
    public override Tensor forward(Tensor features)
    {
        using var scope = NewDisposeScope();
        var image = pooling.call(features.mean([2, 3], keepdim: true)).expand(-1, -1, features.shape[2], features.shape[3]);
        return project.call(cat([.. branches.Select(branch => branch.call(features)), image], 1)).MoveToOuterDisposeScope();
    }
}
