namespace Dashboard.Backend.Images.Resizing;

/// <summary>
/// The weights of one axis, as PIL's <c>precompute_coeffs</c> and <c>normalize_coeffs_8bpc</c>: for every output position the input positions
/// that the filter covers, widened by the scale when shrinking (antialiasing), as integers of <see cref="PrecisionBits"/> fractional bits.
/// </summary>
internal sealed class ResamplingKernel
{
    /// <summary>32 bits less 8 for the pixel and 2 for the overshoot of negative lobes.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    /// <summary>Half a unit: every sum starts here, so that the shift rounds.</summary>
    public const int Half = 1 << (PrecisionBits - 1);

    private readonly int[] _weights;
    private readonly int[] _first;
    private readonly int[] _count;
    private readonly int _stride;

    public ResamplingKernel(int input, int output, ResampleFilter filter)
    {
        var scale = (double)input / output;
        var filterScale = Math.Max(scale, 1);
        var support = (filter == ResampleFilter.Bicubic ? 2 : 1) * filterScale;
        _stride = (int)Math.Ceiling(support) * 2 + 1;
        (_weights, _first, _count) = (new int[checked(output * _stride)], new int[output], new int[output]);
        var weights = new double[_stride];
        for (var position = 0; position < output; position++)
        {
            var centre = (position + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - support + 0.5));
            var count = Math.Min(input, (int)(centre + support + 0.5)) - first;
            var sum = 0.0;
            for (var i = 0; i < count; i++)
                sum += weights[i] = Weight(filter, (i + first - centre + 0.5) * (1 / filterScale));
            for (var i = 0; i < count; i++)
                _weights[position * _stride + i] = ToFixed(sum != 0 ? weights[i] / sum : weights[i]);
            (_first[position], _count[position]) = (first, count);
        }
    }

    /// <summary>The first input position under output position <paramref name="position"/>.</summary>
    public int First(int position) => _first[position];

    public ReadOnlySpan<int> Weights(int position) => _weights.AsSpan(position * _stride, _count[position]);

    private static int ToFixed(double weight) => (int)(weight * (1 << PrecisionBits) + (weight < 0 ? -0.5 : 0.5));

    private static double Weight(ResampleFilter filter, double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        return filter switch
        {
            ResampleFilter.Bilinear => x < 1 ? 1 - x : 0,
            _ when x < 1 => ((a + 2) * x - (a + 3)) * x * x + 1,
            _ when x < 2 => (((x - 5) * x + 8) * x - 4) * a,
            _ => 0,
        };
    }
}
