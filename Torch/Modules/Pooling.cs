using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The maximum of each window of <c>[N, C, H, W]</c>.</summary>
public sealed class MaxPool2d : nn.Module<Tensor, Tensor>
{
    private readonly long[] _kernelSize;
    private readonly long[]? _stride;
    private readonly long[]? _padding;
    private readonly long[]? _dilation;
    private readonly bool _ceilMode;

    internal MaxPool2d(long[] kernel_size, long[]? stride, long[]? padding, long[]? dilation, bool ceil_mode) : base(nameof(MaxPool2d))
        => (_kernelSize, _stride, _padding, _dilation, _ceilMode) = (kernel_size, stride, padding, dilation, ceil_mode);

    public override Tensor forward(Tensor input) => nn.functional.max_pool2d(input, _kernelSize, _stride, _padding, _dilation, _ceilMode);
}

/// <summary>The mean of each window of <c>[N, C, H, W]</c>.</summary>
public sealed class AvgPool2d : nn.Module<Tensor, Tensor>
{
    private readonly long[] _kernelSize;
    private readonly long[]? _stride;
    private readonly long[]? _padding;
    private readonly bool _ceilMode;
    private readonly bool _countIncludePad;
    private readonly long? _divisorOverride;

    internal AvgPool2d(long[] kernel_size, long[]? stride, long[]? padding, bool ceil_mode, bool count_include_pad, long? divisor_override) : base(nameof(AvgPool2d))
        => (_kernelSize, _stride, _padding, _ceilMode, _countIncludePad, _divisorOverride)
            = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);

    public override Tensor forward(Tensor input)
        => nn.functional.avg_pool2d(input, _kernelSize, _stride, _padding, _ceilMode, _countIncludePad, _divisorOverride);
}

/// <summary>The mean of as many windows of <c>[N, C, H, W]</c> as the output has pixels.</summary>
public sealed class AdaptiveAvgPool2d : nn.Module<Tensor, Tensor>
{
    private readonly long[] _outputSize;

    internal AdaptiveAvgPool2d(long[] output_size) : base(nameof(AdaptiveAvgPool2d)) => _outputSize = output_size;

    public override Tensor forward(Tensor input) => nn.functional.adaptive_avg_pool2d(input, _outputSize);
}

/// <summary>The maximum of as many windows of <c>[N, C, H, W]</c> as the output has pixels.</summary>
public sealed class AdaptiveMaxPool2d : nn.Module<Tensor, Tensor>
{
    private readonly long[] _outputSize;

    internal AdaptiveMaxPool2d(long[] outputSize) : base(nameof(AdaptiveMaxPool2d)) => _outputSize = outputSize;

    public override Tensor forward(Tensor input) => nn.functional.adaptive_max_pool2d(input, _outputSize);
}
