using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam, with weight decay as an L2 penalty, g ← g + λθ. Kingma and Ba 2015, as PyTorch's.</summary>
public class Adam : OptimizerHelper, optim.IBetas
{
    private readonly Options _defaults;

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public Adam(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0,
        bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public Adam(
        IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0,
        bool amsgrad = false, bool maximize = false)
    {
        AdamOptions.Check(lr, beta1, beta2, eps, weight_decay);
        _defaults = new Options
        {
            LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize,
        };
        foreach (var group in parameters)
            add_param_group(group);
    }

    public (double, double) Betas
    {
        get => _defaults.Betas;
        set => _defaults.Betas = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group)
    {
        var options = (Options?)param_group.Options ?? new Options();
        options.FillFrom(_defaults);
        param_group.Options = options;
        Add(param_group, parameter => new State(parameter, options.amsgrad!.Value));
    }

    public override Tensor? step(Func<Tensor>? closure = null) => Step<Options, State>(closure, Update);

    private static void Update(Parameter parameter, Tensor gradient, Options options, State state)
    {
        var decay = options.weight_decay!.Value;
        using var negated = options.maximize!.Value ? Boxed.Call("aten::neg", gradient) : null;
        using var decayed = decay != 0 ? Boxed.Call("aten::add.Tensor", negated ?? gradient, parameter, decay) : null;
        state.Update(decayed ?? negated ?? gradient, options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value, options.eps!.Value);
    }

    public class Options : AdamOptions;

    public class ParamGroup : ParamGroup<Options>, optim.IBetas
    {
        public ParamGroup() { }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0,
            bool amsgrad = false, bool maximize = false)
            : base(
                parameters,
                new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize })
        {
        }

        public (double, double) Betas
        {
            get => Options.Betas;
            set => Options.Betas = value;
        }
    }

    public class State : AdamState
    {
        internal State(Parameter parameter, bool amsgrad) : base(parameter, amsgrad) { }
    }
}
