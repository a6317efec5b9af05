namespace TorchSharp.Modules;

/// <summary>The options that Adam and AdamW share. Null: the optimiser's default.</summary>
public abstract class AdamOptions : OptimizerOptions
{
    public double? beta1;
    public double? beta2;
    public double? weight_decay;
    public double? eps;
    public bool? amsgrad;
    public bool? maximize;

    internal (double, double) Betas
    {
        get => (beta1!.Value, beta2!.Value);
        set => (beta1, beta2) = value;
    }

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    internal static void Check(double lr, double beta1, double beta2, double eps, double weight_decay)
    {
        if (lr < 0 || eps < 0 || weight_decay < 0)
            throw new ArgumentException($"Learning rate ({lr}), ε ({eps}) and weight decay ({weight_decay}) must not be negative.");
        if (beta1 is < 0 or >= 1 || beta2 is < 0 or >= 1)
            throw new ArgumentException($"β₁ ({beta1}) and β₂ ({beta2}) must be in [0, 1).");
    }

    internal void FillFrom(AdamOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        beta1 ??= defaults.beta1;
        beta2 ??= defaults.beta2;
        weight_decay ??= defaults.weight_decay;
        eps ??= defaults.eps;
        amsgrad ??= defaults.amsgrad;
        maximize ??= defaults.maximize;
    }

    public override void SaveStateDict(BinaryWriter writer)
    {
        base.SaveStateDict(writer);
        writer.Write(beta1!.Value);
        writer.Write(beta2!.Value);
        writer.Write(eps!.Value);
        writer.Write(weight_decay!.Value);
        writer.Write(amsgrad!.Value);
        writer.Write(maximize!.Value);
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        base.LoadStateDict(reader);
        beta1 = reader.ReadDouble();
        beta2 = reader.ReadDouble();
        eps = reader.ReadDouble();
        weight_decay = reader.ReadDouble();
        amsgrad = reader.ReadBoolean();
        maximize = reader.ReadBoolean();
    }

    public override void LoadStateDict(OptimizerOptions source)
    {
        base.LoadStateDict(source);
        var options = (AdamOptions)source;
        (beta1, beta2, eps, weight_decay) = (options.beta1, options.beta2, options.eps, options.weight_decay);
        (amsgrad, maximize) = (options.amsgrad, options.maximize);
    }
}
