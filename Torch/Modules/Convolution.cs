using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A convolution's parameters and geometry, over any number of dimensions.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    private protected Convolution(
        string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type, long[] dilation,
        bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
        : base(name)
    {
        if (in_channels % groups != 0 || out_channels % groups != 0)
            throw new ArgumentException($"Channels in ({in_channels}) and out ({out_channels}) must be multiples of groups ({groups}).", nameof(groups));
        if (padding_type == Padding.Same && stride.Any(step => step != 1))
            throw new ArgumentException("Padding.Same needs a stride of 1.", nameof(stride));
        if (transposed && padding_mode != PaddingModes.Zeros)
            throw new ArgumentException("A transposed convolution pads with zeros only.", nameof(padding_mode));
        (this.in_channels, this.out_channels, this.kernel_size, this.stride, this.dilation) = (in_channels, out_channels, kernel_size, stride, dilation);
        (this.transposed, this.output_padding, this.groups, this.padding_mode) = (transposed, output_padding, groups, padding_mode);
        (this.padding, this.padding_type) = (padding_type is null ? padding ?? new long[kernel_size.Length] : null, padding_type);

        long[] shape = transposed ? [in_channels, out_channels / groups, .. kernel_size] : [out_channels, in_channels / groups, .. kernel_size];
        weight = new Parameter(empty(shape, dtype, device));
        if (bias)
            this.bias = new Parameter(empty([out_channels], dtype, device));
        reset_parameters();
    }

    public long in_channels { get; }
    public long out_channels { get; }
    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] dilation { get; set; }
    public long[] output_padding { get; set; }
    public long groups { get; set; }
    public bool transposed { get; }
    public PaddingModes padding_mode { get; set; }

    /// <summary>Per dimension; null where <see cref="padding_type"/> says it.</summary>
    public long[]? padding { get; private set; }

    public Padding? padding_type { get; private set; }

    /// <summary><c>[out_channels, in_channels / groups, ...kernel_size]</c>; the first two exchanged where transposed.</summary>
    public Parameter weight
    {
        get => _registeredParameters[nameof(weight)];
        set => ConditionallyRegisterParameter(nameof(weight), value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary><c>[out_channels]</c>, or null.</summary>
    public Parameter? bias
    {
        get => _registeredParameters.GetValueOrDefault(nameof(bias));
        set => ConditionallyRegisterParameter(nameof(bias), value);
    }

    /// <summary>Draws new values as PyTorch does: both uniform in ± 1 / √(fan in).</summary>
    public void reset_parameters()
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null)
            return;
        var (fanIn, _) = nn.init.CalculateFanInAndFanOut(weight);
        if (fanIn == 0)
            return;
        var bound = 1 / Math.Sqrt(fanIn);
        nn.init.uniform_(bias, -bound, bound);
    }

    /// <summary>The padding in the order of <see cref="nn.functional.pad(Tensor, long[], PaddingModes, double)"/>: last dimension first, before and after.</summary>
    private protected long[] PaddingBeforeAndAfter()
    {
        var pads = new List<long>();
        for (var i = kernel_size.Length - 1; i >= 0; i--)
        {
            var total = padding_type == Padding.Same ? dilation[i] * (kernel_size[i] - 1) : 2 * (padding?[i] ?? 0);
            pads.Add(total / 2);
            pads.Add(total - total / 2);
        }

        return [.. pads];
    }
}
