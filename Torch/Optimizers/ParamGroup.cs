using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Parameters that share options.</summary>
public class ParamGroup : optim.ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    public OptimizerOptions Options { get; set; } = null!;

    public double LearningRate
    {
        get => Options.LearningRate!.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}

/// <summary>Parameters that share options of one optimiser. Options left null become the optimiser's defaults.</summary>
public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup() { }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        Parameters = parameters;
        base.Options = options!;
    }

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}

/// <summary>What every optimiser's group has.</summary>
public class OptimizerOptions
{
    /// <summary>Null: the optimiser's default.</summary>
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
    }
}
