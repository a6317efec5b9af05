using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Convolution of <c>[N, C, H, W]</c>.</summary>
public sealed class Conv2d : Convolution
{
    internal Conv2d(
        long in_channels, long out_channels, (long, long) kernel_size, (long, long) stride, (long, long)? padding, Padding? padding_type, (long, long) dilation,
        PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(
            nameof(Conv2d), in_channels, out_channels, [kernel_size.Item1, kernel_size.Item2], [stride.Item1, stride.Item2],
            padding is var (height, width) ? [height, width] : null, padding_type, [dilation.Item1, dilation.Item2], false, [0, 0], groups, bias,
            padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input)
    {
        if (padding_mode != PaddingModes.Zeros)
        {
            using var padded = nn.functional.pad(input, PaddingBeforeAndAfter(), padding_mode);
            return nn.functional.conv2d(padded, weight, bias, stride, [0, 0], dilation, groups);
        }

        return padding_type is { } type
            ? nn.functional.conv2d_padding(input, weight, bias, stride, type, dilation, groups)
            : nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
    }
}
