using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Batch normalisation. In training mode it normalises by the batch's statistics and updates the running ones; in evaluation mode by the running ones,
/// whether or not weight and bias are being trained.
/// </summary>
public abstract class BatchNorm : nn.Module<Tensor, Tensor>
{
    private protected BatchNorm(
        string name, long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(name)
    {
        (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
        if (affine)
        {
            weight = new Parameter(ones([num_features], dtype, device));
            bias = new Parameter(zeros([num_features], dtype, device));
        }

        if (!track_running_stats)
            return;
        running_mean = zeros([num_features], dtype, device);
        running_var = ones([num_features], dtype, device);
        num_batches_tracked = zeros(Array.Empty<long>(), ScalarType.Int64, device);
    }

    public long num_features { get; }
    public double eps { get; set; }

    /// <summary>The weight of the batch in the running statistics.</summary>
    public double momentum { get; set; }

    public bool affine { get; }
    public bool track_running_stats { get; }

    /// <summary><c>[num_features]</c>, or null where not affine.</summary>
    public Parameter? weight
    {
        get => _registeredParameters.GetValueOrDefault(nameof(weight));
        set => ConditionallyRegisterParameter(nameof(weight), value);
    }

    /// <summary><c>[num_features]</c>, or null where not affine.</summary>
    public Parameter? bias
    {
        get => _registeredParameters.GetValueOrDefault(nameof(bias));
        set => ConditionallyRegisterParameter(nameof(bias), value);
    }

    /// <summary><c>[num_features]</c>, or null where not tracked.</summary>
    public Tensor? running_mean
    {
        get => _registeredBuffers.GetValueOrDefault(nameof(running_mean));
        set => ConditionallyRegisterBuffer(nameof(running_mean), value);
    }

    /// <summary><c>[num_features]</c>, or null where not tracked.</summary>
    public Tensor? running_var
    {
        get => _registeredBuffers.GetValueOrDefault(nameof(running_var));
        set => ConditionallyRegisterBuffer(nameof(running_var), value);
    }

    /// <summary>How many batches the running statistics have seen: int64 without dimensions.</summary>
    public Tensor? num_batches_tracked
    {
        get => _registeredBuffers.GetValueOrDefault(nameof(num_batches_tracked));
        private set => ConditionallyRegisterBuffer(nameof(num_batches_tracked), value);
    }

    public override Tensor forward(Tensor input)
    {
        CheckDimensions(input);
        if (training && num_batches_tracked is { } count)
            Boxed.CallVoid("aten::add_.Scalar", count, 1);
        var byBatch = training || running_mean is null || running_var is null;
        return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, byBatch, momentum, eps);
    }

    /// <summary>Forgets the running statistics.</summary>
    public void reset_running_stats()
    {
        if (!track_running_stats)
            return;
        nn.init.zeros_(running_mean!);
        nn.init.ones_(running_var!);
        nn.init.zeros_(num_batches_tracked!);
    }

    private protected abstract void CheckDimensions(Tensor input);
}

/// <summary>Batch normalisation of <c>[N, C]</c> or <c>[N, C, L]</c>.</summary>
public sealed class BatchNorm1d : BatchNorm
{
    internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(nameof(BatchNorm1d), num_features, eps, momentum, affine, track_running_stats, device, dtype)
    {
    }

    private protected override void CheckDimensions(Tensor input)
    {
        if (input.dim() is not (2 or 3))
            throw new ArgumentException($"BatchNorm1d takes 2 or 3 dimensions, got {input.dim()}.", nameof(input));
    }
}

/// <summary>Batch normalisation of <c>[N, C, H, W]</c>.</summary>
public sealed class BatchNorm2d : BatchNorm
{
    internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(nameof(BatchNorm2d), num_features, eps, momentum, affine, track_running_stats, device, dtype)
    {
    }

    private protected override void CheckDimensions(Tensor input)
    {
        if (input.dim() != 4)
            throw new ArgumentException($"BatchNorm2d takes 4 dimensions, got {input.dim()}.", nameof(input));
    }
}
