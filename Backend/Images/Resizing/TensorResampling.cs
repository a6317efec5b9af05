using static TorchSharp.torch;

namespace Dashboard.Backend.Images.Resizing;

/// <summary>
/// <see cref="Resampling"/> as matrix products, for images that lie on a GPU; equal to it in every bit. Levels have 8 bits and weights are whole
/// numbers of 22, so that float64 holds every sum exactly, in whatever order a device adds.
/// </summary>
internal static class TensorResampling
{
    /// <param name="levels"><c>[..., H, W]</c>, float64: whole numbers, 0..255.</param>
    /// <param name="filter">Bilinear or bicubic.</param>
    /// <returns><c>[..., size.Height, size.Width]</c>, of the same kind.</returns>
    public static Tensor Resize(Tensor levels, ImageSize size, ResampleFilter filter)
    {
        using var scope = NewDisposeScope();
        var (height, width) = ((int)levels.shape[^2], (int)levels.shape[^1]);
        var resized = levels.alias();
        if (width != size.Width)
            resized = Round(resized.matmul(Weights(width, size.Width, filter, levels.device).t()));
        if (height != size.Height)
            resized = Round(Weights(height, size.Height, filter, levels.device).matmul(resized));
        return resized.MoveToOuterDisposeScope();
    }

    /// <summary>To the nearest level: what <see cref="Resampling"/> keeps between rows and columns, too.</summary>
    private static Tensor Round(Tensor sums) =>
        sums.add_(ResamplingKernel.Half).mul_(1.0 / (1 << ResamplingKernel.PrecisionBits)).floor_().clamp_(0, 255);

    /// <returns><c>[output, input]</c>, nearly all zeros.</returns>
    private static Tensor Weights(int input, int output, ResampleFilter filter, Device device)
    {
        var kernel = new ResamplingKernel(input, output, filter);
        var covered = Enumerable.Range(0, output).Max(position => kernel.Weights(position).Length);
        var (positions, weights) = (new long[output * covered], new double[output * covered]);
        for (var position = 0; position < output; position++)
        {
            var here = kernel.Weights(position);
            for (var i = 0; i < here.Length; i++)
                (positions[position * covered + i], weights[position * covered + i]) = (kernel.First(position) + i, here[i]);
        }
        long[] shape = [output, covered];
        return zeros(output, input, float64, device)
            .scatter_add_(1, tensor(positions, shape, device: device), tensor(weights, shape, device: device));
    }
}
