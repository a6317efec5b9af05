using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The transposed convolution ("deconvolution") of <c>[N, C, H, W]</c>.</summary>
public sealed class ConvTranspose2d : Convolution
{
    internal ConvTranspose2d(
        long in_channels, long out_channels, long kernel_size, long stride, long padding, long output_padding, long dilation, PaddingModes padding_mode,
        long groups, bool bias, Device? device, ScalarType? dtype)
        : base(
            nameof(ConvTranspose2d), in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], [padding, padding], null, [dilation, dilation],
            true, [output_padding, output_padding], groups, bias, padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input)
        => nn.functional.conv_transpose2d(input, weight, bias, stride, padding, output_padding, dilation, groups);
}
