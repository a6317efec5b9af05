using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimiser remembers of one parameter.</summary>
public abstract class OptimizerState : IDisposable
{
    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    /// <summary>Copies another optimiser's state of the same kind.</summary>
    public abstract void LoadStateDict(OptimizerState source);

    /// <summary>Whether both states are numerically close; useful in tests.</summary>
    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public virtual void to(Device device) { }

    public abstract void Dispose();

    private protected static void SaveOptional(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    /// <summary>Reads into <paramref name="tensor"/>, which is made like <paramref name="parameter"/> where null.</summary>
    private protected static void LoadOptional(BinaryReader reader, ref Tensor? tensor, Tensor parameter)
    {
        if (!reader.ReadBoolean())
        {
            tensor?.Dispose();
            tensor = null;
            return;
        }

        tensor ??= ZerosLike(parameter);
        tensor.Load(reader);
    }

    /// <summary>Makes <paramref name="tensor"/> a copy of <paramref name="source"/>, in its own memory.</summary>
    private protected static void Copy(Tensor? source, ref Tensor? tensor)
    {
        var copy = source is null ? null : Boxed.Call("aten::clone", source).DetachFromDisposeScope();
        tensor?.Dispose();
        tensor = copy;
    }

    private protected static void Move(ref Tensor? tensor, Device device)
    {
        if (tensor is null)
            return;
        var moved = Boxed.Call("aten::to.device", tensor, device, tensor.dtype).DetachFromDisposeScope();
        tensor.Dispose();
        tensor = moved;
    }

    private protected static bool Close(Tensor? a, Tensor? b)
        => a is null ? b is null : b is not null && Boxed.CallBool("aten::allclose", a, b);

    /// <summary>Zeros that outlive every dispose scope.</summary>
    private protected static Tensor ZerosLike(Tensor parameter)
    {
        using var noGrad = no_grad();
        return Boxed.Call("aten::zeros_like", parameter).DetachFromDisposeScope();
    }
}
