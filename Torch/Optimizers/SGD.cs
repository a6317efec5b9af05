using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Stochastic gradient descent, as PyTorch's: g ← g + λθ; v ← μv + (1 - τ)g (v ← g at first); θ ← θ - η(g + μv) with Nesterov momentum, θ ← θ - ηv without.
/// </summary>
public class SGD : OptimizerHelper, optim.IMomentum
{
    private readonly Options _defaults;

    /// <exception cref="ArgumentException">A value is negative, or Nesterov momentum without momentum or with dampening.</exception>
    public SGD(
        IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false,
        bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    /// <exception cref="ArgumentException">A value is negative, or Nesterov momentum without momentum or with dampening.</exception>
    public SGD(
        IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false,
        bool maximize = false)
    {
        if (lr < 0 || momentum < 0 || weight_decay < 0)
            throw new ArgumentException($"Learning rate ({lr}), momentum ({momentum}) and weight decay ({weight_decay}) must not be negative.");
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException("Nesterov momentum needs a momentum and no dampening.");
        _defaults = new Options
        {
            LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize,
        };
        foreach (var group in parameters)
            add_param_group(group);
    }

    public double Momentum
    {
        get => _defaults.momentum!.Value;
        set => _defaults.momentum = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group)
    {
        var options = (Options?)param_group.Options ?? new Options();
        options.LearningRate ??= _defaults.LearningRate;
        options.momentum ??= _defaults.momentum;
        options.dampening ??= _defaults.dampening;
        options.weight_decay ??= _defaults.weight_decay;
        options.nesterov ??= _defaults.nesterov;
        options.maximize ??= _defaults.maximize;
        param_group.Options = options;
        Add(param_group, parameter => new State(parameter));
    }

    public override Tensor? step(Func<Tensor>? closure = null) => Step<Options, State>(closure, Update);

    private static void Update(Parameter parameter, Tensor gradient, Options options, State state)
    {
        var (rate, momentum, decay) = (options.LearningRate!.Value, options.momentum!.Value, options.weight_decay!.Value);
        var step = options.maximize!.Value ? rate : -rate;
        using var decayed = decay != 0 ? Boxed.Call("aten::add.Tensor", gradient, parameter, decay) : null;
        var g = decayed ?? gradient;
        if (momentum == 0)
        {
            Boxed.CallVoid("aten::add_.Tensor", parameter, g, step);
            return;
        }

        if (state.momentum_buffer is null)
        {
            state.momentum_buffer = Boxed.Call("aten::clone", g).DetachFromDisposeScope();
        }
        else
        {
            Boxed.CallVoid("aten::mul_.Scalar", state.momentum_buffer, momentum);
            Boxed.CallVoid("aten::add_.Tensor", state.momentum_buffer, g, 1 - options.dampening!.Value);
        }

        using var ahead = options.nesterov!.Value ? Boxed.Call("aten::add.Tensor", g, state.momentum_buffer, momentum) : null;
        Boxed.CallVoid("aten::add_.Tensor", parameter, ahead ?? state.momentum_buffer, step);
    }

    public class Options : OptimizerOptions
    {
        public double? momentum;
        public double? dampening;
        public double? weight_decay;
        public bool? nesterov;
        public bool? maximize;

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(momentum!.Value);
            writer.Write(dampening!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(nesterov!.Value);
            writer.Write(maximize!.Value);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            momentum = reader.ReadDouble();
            dampening = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            nesterov = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var options = (Options)source;
            (momentum, dampening, weight_decay) = (options.momentum, options.dampening, options.weight_decay);
            (nesterov, maximize) = (options.nesterov, options.maximize);
        }
    }

    public class ParamGroup : ParamGroup<Options>, optim.IMomentum
    {
        public ParamGroup() { }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false,
            bool maximize = false)
            : base(
                parameters,
                new Options
                {
                    LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize,
                })
        {
        }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }

    public class State : OptimizerState
    {
        private readonly Parameter _parameter;

        /// <summary>v, of the parameter's shape; null before the first step.</summary>
        public Tensor? momentum_buffer;

        internal State(Parameter parameter) => _parameter = parameter;

        public override void SaveStateDict(BinaryWriter writer) => SaveOptional(writer, momentum_buffer);

        public override void LoadStateDict(BinaryReader reader) => LoadOptional(reader, ref momentum_buffer, _parameter);

        public override void LoadStateDict(OptimizerState source) => Copy(((State)source).momentum_buffer, ref momentum_buffer);

        public override bool ApproximatelyEquals(OptimizerState other) => other is State state && Close(momentum_buffer, state.momentum_buffer);

        public override void to(Device device) => Move(ref momentum_buffer, device);

        public override void Dispose() => momentum_buffer?.Dispose();
    }
}
