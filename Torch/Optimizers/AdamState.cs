using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The running means of a parameter's gradient and of its square, which Adam and AdamW share.</summary>
public abstract class AdamState : OptimizerState
{
    private readonly Parameter _parameter;

    /// <summary>How many updates there were.</summary>
    public long step;

    /// <summary>m, of the parameter's shape.</summary>
    public Tensor? exp_avg;

    /// <summary>v, of the parameter's shape.</summary>
    public Tensor? exp_avg_sq;

    /// <summary>The largest v so far (AMSGrad), or null.</summary>
    public Tensor? max_exp_avg_sq;

    private protected AdamState(Parameter parameter, bool amsgrad)
    {
        _parameter = parameter;
        exp_avg = ZerosLike(parameter);
        exp_avg_sq = ZerosLike(parameter);
        max_exp_avg_sq = amsgrad ? ZerosLike(parameter) : null;
    }

    /// <summary>m ← β₁m + (1 - β₁)g; v ← β₂v + (1 - β₂)g²; θ ← θ - η / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε). Kingma and Ba 2015, in PyTorch's order of operations.</summary>
    internal void Update(Tensor g, double learningRate, double beta1, double beta2, double eps)
    {
        step++;
        Boxed.CallVoid("aten::mul_.Scalar", exp_avg, beta1);
        Boxed.CallVoid("aten::add_.Tensor", exp_avg, g, 1 - beta1);
        Boxed.CallVoid("aten::mul_.Scalar", exp_avg_sq, beta2);
        Boxed.CallVoid("aten::addcmul_", exp_avg_sq, g, g, 1 - beta2);
        if (max_exp_avg_sq is not null)
        {
            var larger = Boxed.Call("aten::maximum", max_exp_avg_sq, exp_avg_sq).DetachFromDisposeScope();
            max_exp_avg_sq.Dispose();
            max_exp_avg_sq = larger;
        }

        using var denominator = Boxed.Call("aten::sqrt", max_exp_avg_sq ?? exp_avg_sq);
        Boxed.CallVoid("aten::div_.Scalar", denominator, Math.Sqrt(1 - Math.Pow(beta2, step)));
        Boxed.CallVoid("aten::add_.Scalar", denominator, eps);
        Boxed.CallVoid("aten::addcdiv_", _parameter, exp_avg, denominator, -(learningRate / (1 - Math.Pow(beta1, step))));
    }

    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(step);
        exp_avg!.Save(writer);
        exp_avg_sq!.Save(writer);
        SaveOptional(writer, max_exp_avg_sq);
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        step = reader.ReadInt64();
        exp_avg!.Load(reader);
        exp_avg_sq!.Load(reader);
        LoadOptional(reader, ref max_exp_avg_sq, _parameter);
    }

    public override void LoadStateDict(OptimizerState source)
    {
        var state = (AdamState)source;
        step = state.step;
        Copy(state.exp_avg, ref exp_avg);
        Copy(state.exp_avg_sq, ref exp_avg_sq);
        Copy(state.max_exp_avg_sq, ref max_exp_avg_sq);
    }

    public override bool ApproximatelyEquals(OptimizerState other)
        => other is AdamState state && step == state.step && Close(exp_avg, state.exp_avg) && Close(exp_avg_sq, state.exp_avg_sq)
            && Close(max_exp_avg_sq, state.max_exp_avg_sq);

    public override void to(Device device)
    {
        Move(ref exp_avg, device);
        Move(ref exp_avg_sq, device);
        Move(ref max_exp_avg_sq, device);
    }

    public override void Dispose()
    {
        exp_avg?.Dispose();
        exp_avg_sq?.Dispose();
        max_exp_avg_sq?.Dispose();
    }
}
