namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Schedules that multiply the current learning rate, as PyTorch's do, so that several can act on one optimiser.</summary>
            public static partial class impl
            {
                /// <summary>· gamma every step_size epochs.</summary>
                public class StepLR : LRScheduler
                {
                    private readonly int _stepSize;
                    private readonly double _gamma;

                    internal StepLR(Optimizer optimizer, int step_size, double gamma, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
                    {
                        (_stepSize, _gamma) = (step_size, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Times(_last_epoch == 0 || _last_epoch % _stepSize != 0 ? 1 : _gamma);
                }

                /// <summary>· gamma at each milestone.</summary>
                public class MultiStepLR : LRScheduler
                {
                    private readonly IList<int> _milestones;
                    private readonly double _gamma;

                    internal MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
                    {
                        (_milestones, _gamma) = (milestones, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Times(Math.Pow(_gamma, _milestones.Count(milestone => milestone == _last_epoch)));
                }

                /// <summary>· gamma every epoch.</summary>
                public class ExponentialLR : LRScheduler
                {
                    private readonly double _gamma;

                    internal ExponentialLR(Optimizer optimizer, double gamma, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
                    {
                        _gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Times(_last_epoch == 0 ? 1 : _gamma);
                }

                /// <summary>initial rate · (1 - epoch / total_iters)^power, and 0 afterwards.</summary>
                public class PolynomialLR : LRScheduler
                {
                    private readonly int _totalIterations;
                    private readonly double _power;

                    internal PolynomialLR(Optimizer optimizer, int total_iters, double power, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
                    {
                        (_totalIterations, _power) = (total_iters, power);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch == 0 || _last_epoch > _totalIterations)
                            return Times(1);
                        var left = 1.0 - (double)_last_epoch / _totalIterations;
                        var leftBefore = 1.0 - (double)(_last_epoch - 1) / _totalIterations;
                        return Times(Math.Pow(left / leftBefore, _power));
                    }
                }

                /// <summary>initial rate · a factor that goes in a line from start_factor to end_factor over total_iters epochs.</summary>
                public class LinearLR : LRScheduler
                {
                    private readonly double _startFactor;
                    private readonly double _endFactor;
                    private readonly int _totalIterations;

                    internal LinearLR(Optimizer optimizer, double start_factor, double end_factor, int total_iters, int last_epoch, bool verbose)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_startFactor, _endFactor, _totalIterations) = (start_factor, end_factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch == 0)
                            return Times(_startFactor);
                        if (_last_epoch > _totalIterations)
                            return Times(1);
                        var change = _endFactor - _startFactor;
                        return Times(1.0 + change / (_totalIterations * _startFactor + (_last_epoch - 1) * change));
                    }
                }

                /// <summary>eta_min + (initial rate - eta_min) · (1 + cos(π · epoch / T_max)) / 2, in recursive form.</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _maximum;
                    private readonly double _minimumRate;

                    internal CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
                    {
                        (_maximum, _minimumRate) = (T_max, eta_min);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch == 0)
                            return Times(1);
                        if ((_last_epoch - 1 - _maximum) % (2 * _maximum) == 0)
                            return _groups.Select((group, i) => group.LearningRate + (_base_lrs[i] - _minimumRate) * (1 - Math.Cos(Math.PI / _maximum)) / 2);
                        var ratio = (1 + Math.Cos(Math.PI * _last_epoch / _maximum)) / (1 + Math.Cos(Math.PI * (_last_epoch - 1) / _maximum));
                        return _groups.Select(group => ratio * (group.LearningRate - _minimumRate) + _minimumRate);
                    }
                }
            }
        }
    }
}
