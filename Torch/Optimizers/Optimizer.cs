using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Changes parameters so that a loss falls.</summary>
        public abstract class Optimizer : IDisposable
        {
            private protected readonly List<ParamGroup> _groups = [];

            /// <summary>The groups of parameters, each with its learning rate.</summary>
            public virtual IEnumerable<ILearningRateController> ParamGroups => _groups;

            /// <summary>Drops the gradients of all parameters, as PyTorch does since 2.0: they are null until the next backward pass.</summary>
            public abstract void zero_grad();

            /// <summary>One update of all parameters that have a gradient.</summary>
            /// <param name="closure">Computes the loss anew (with gradients); optional.</param>
            /// <returns>The closure's loss, or null.</returns>
            public abstract Tensor? step(Func<Tensor>? closure = null);

            public abstract void add_param_group(ParamGroup param_group);

            public abstract IEnumerable<Parameter> parameters();

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected abstract void Dispose(bool disposing);

            /// <summary>An optimiser's options by group and its state by parameter; the objects are the optimiser's own, not copies.</summary>
            public class StateDictionary
            {
                internal StateDictionary() { }

                public List<OptimizerOptions> Options { get; } = [];

                public List<OptimizerState> State { get; } = [];
            }
        }

        /// <summary>What a learning rate schedule changes.</summary>
        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            /// <summary>The learning rate that the schedule started from.</summary>
            double InitialLearningRate { get; set; }
        }

        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }
    }
}
