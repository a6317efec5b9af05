using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Nsrom;

/// <summary>
/// VGG-16's convolutions with output stride 8: the fourth pool keeps its size, the fifth stage is dilated, the fifth pool is left out
/// (classification/models/vgg.py, "D1"). Numbered as in torchvision's state dicts, which load as they are.
/// </summary>
public static class VggFeatures
{
    public const long Channels = 512;

    /// <returns><c>[N, 3, H, W]</c> to <c>[N, 512, H / 8, W / 8]</c>.</returns>
    public static Module<Tensor, Tensor> Create()
    {
        var modules = new List<Module<Tensor, Tensor>>();
        var channels = 3L;
        Stage(64, 2);
        modules.Add(MaxPool2d(kernel_size: 2, stride: 2));
        Stage(128, 2);
        modules.Add(MaxPool2d(kernel_size: 2, stride: 2));
        Stage(256, 3);
        modules.Add(MaxPool2d(kernel_size: 2, stride: 2));
        Stage(512, 3);
        modules.Add(MaxPool2d(kernel_size: 3, stride: 1, padding: 1));
        Stage(512, 3, dilation: 2);
        return Sequential(modules);

        void Stage(long width, int count, int dilation = 1)
        {
            for (var i = 0; i < count; i++, channels = width)
            {
                modules.Add(Conv2d(channels, width, kernel_size: 3, padding: dilation, dilation: dilation));
                modules.Add(ReLU(inplace: true));
            }
        }
    }
}
