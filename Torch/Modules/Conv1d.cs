using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Convolution of <c>[N, C, L]</c>.</summary>
public sealed class Conv1d : Convolution
{
    internal Conv1d(
        long in_channels, long out_channels, long kernel_size, long stride, long padding, long dilation, PaddingModes padding_mode, long groups, bool bias,
        Device? device, ScalarType? dtype)
        : base(nameof(Conv1d), in_channels, out_channels, [kernel_size], [stride], [padding], null, [dilation], false, [0], groups, bias, padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input)
    {
        if (padding_mode == PaddingModes.Zeros)
            return nn.functional.conv1d(input, weight, bias, stride[0], padding![0], dilation[0], groups);
        using var padded = nn.functional.pad(input, PaddingBeforeAndAfter(), padding_mode);
        return nn.functional.conv1d(padded, weight, bias, stride[0], 0, dilation[0], groups);
    }
}
