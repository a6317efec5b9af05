using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Psa;

/// <summary>
/// VGG16 as DeepLab's first version reshapes it, with output stride 8, up to fc7 (PSA's network/vgg16d.py with the dilation 4 of its vgg16_aff.py,
/// and its names). Takes <see cref="Images.PixelInput.Caffe"/>.
/// </summary>
public sealed class Vgg16 : AffinityBackbone
{
    private readonly Conv2d conv1_1, conv1_2, conv2_1, conv2_2, conv3_1, conv3_2, conv3_3, conv4_1, conv4_2, conv4_3, conv5_1, conv5_2, conv5_3, fc6,
    fc7;
    private readonly Dropout2d drop6;

    public Vgg16()
        : base(nameof(Vgg16))
    {
        conv1_1 = Conv2d(3, 64, kernel_size: 3, padding: 1);
        conv1_2 = Conv2d(64, 64, kernel_size: 3, padding: 1);
        conv2_1 = Conv2d(64, 128, kernel_size: 3, padding: 1);
        conv2_2 = Conv2d(128, 128, kernel_size: 3, padding: 1);
        conv3_1 = Conv2d(128, 256, kernel_size: 3, padding: 1);
        conv3_2 = Conv2d(256, 256, kernel_size: 3, padding: 1);
        conv3_3 = Conv2d(256, 256, kernel_size: 3, padding: 1);
        conv4_1 = Conv2d(256, 512, kernel_size: 3, padding: 1);
        conv4_2 = Conv2d(512, 512, kernel_size: 3, padding: 1);
        conv4_3 = Conv2d(512, 512, kernel_size: 3, padding: 1);
        conv5_1 = Conv2d(512, 512, kernel_size: 3, padding: 2, dilation: 2);
        conv5_2 = Conv2d(512, 512, kernel_size: 3, padding: 2, dilation: 2);
        conv5_3 = Conv2d(512, 512, kernel_size: 3, padding: 2, dilation: 2);
        fc6 = Conv2d(512, 1024, kernel_size: 3, padding: 4, dilation: 4);
        drop6 = Dropout2d(0.5);
        fc7 = Conv2d(1024, 1024, kernel_size: 1);
        RegisterComponents();
    }

    public override IReadOnlyList<long> Channels => [512, 512, 1024];

    public override IReadOnlyList<Module> Frozen => [conv1_1, conv1_2, conv2_1, conv2_2];

    /// <summary>The dropout after fc6.</summary>
    public Dropout2d Dropout => drop6;

    /// <param name="images"><c>[N, 3, H, W]</c></param>
    /// <returns>conv4, conv5 and fc7, <c>[N, 512 or 1024, ⌈H/8⌉, ⌈W/8⌉]</c>.</returns>
    public override Tensor[] forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = pool(relu(conv1_2, relu(conv1_1, images)), stride: 2);
        x = pool(relu(conv2_2, relu(conv2_1, x)), stride: 2);
        x = pool(relu(conv3_3, relu(conv3_2, relu(conv3_1, x))), stride: 2);
        var conv4 = relu(conv4_3, relu(conv4_2, relu(conv4_1, x)));
        var conv5 = relu(conv5_3, relu(conv5_2, relu(conv5_1, pool(conv4, stride: 1))));
        var conv5fc = relu(fc7, drop6.call(relu(fc6, conv5)));
        return [conv4.MoveToOuterDisposeScope(), conv5.MoveToOuterDisposeScope(), conv5fc.MoveToOuterDisposeScope()];
    }

    private static Tensor relu(Conv2d convolution, Tensor x) => functional.relu(convolution.call(x), inplace: true);

    private static Tensor pool(Tensor x, long stride) => functional.max_pool2d(x, 3, stride, 1);
}
