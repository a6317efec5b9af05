namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets an optimiser's learning rates, group by group, once a step. It starts from each group's initial learning rate.</summary>
            public abstract class LRScheduler
            {
                internal readonly ILearningRateController[] _groups;
                internal readonly double[] _base_lrs;
                internal int _last_epoch;
                private readonly bool _verbose;
                private double[] _lastRates;

                /// <param name="last_epoch">Where a schedule that goes on has got to; -1 for a new one.</param>
                private protected LRScheduler(Optimizer optimizer, int last_epoch, bool verbose)
                {
                    _groups = [.. optimizer.ParamGroups];
                    _base_lrs = [.. _groups.Select(group => group.InitialLearningRate)];
                    _lastRates = [.. _groups.Select(group => group.LearningRate)];
                    (_last_epoch, _verbose) = (last_epoch, verbose);
                }

                /// <summary>Goes on by one: an epoch, or a batch, as the user sees fit.</summary>
                public virtual void step() => step(null);

                /// <summary>Goes on by one, or to the epoch given.</summary>
                public virtual void step(int? epoch)
                {
                    _last_epoch = epoch ?? _last_epoch + 1;
                    var rates = get_lr().ToArray();
                    for (var i = 0; i < rates.Length; i++)
                    {
                        if (_verbose && rates[i] != _lastRates[i])
                            Console.WriteLine($"Adjusting learning rate to {rates[i]}");
                        _groups[i].LearningRate = rates[i];
                    }

                    _lastRates = rates;
                }

                /// <summary>The learning rates that the last step set.</summary>
                public IEnumerable<double> get_last_lr() => _lastRates;

                /// <summary>The learning rates at <see cref="_last_epoch"/>, one a group.</summary>
                protected abstract IEnumerable<double> get_lr();

                private protected IEnumerable<double> Times(double factor) => _groups.Select(group => group.LearningRate * factor);
            }
        }
    }
}
