namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>One schedule after the other, the next beginning at each milestone.</summary>
                public class SequentialLR : LRScheduler
                {
                    private readonly LRScheduler[] _schedulers;
                    private readonly int[] _milestones;

                    internal SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch)
                        : base(optimizer, last_epoch, false)
                    {
                        (_schedulers, _milestones) = ([.. schedulers], [.. milestones]);
                        if (_milestones.Length != _schedulers.Length - 1)
                            throw new ArgumentException($"{_schedulers.Length} schedules need {_schedulers.Length - 1} milestones, given are {_milestones.Length}.", nameof(milestones));
                        _last_epoch++;

                        // Each schedule's constructor has made its first step: undo all of them and make the first schedule's again.
                        for (var i = 0; i < _groups.Length; i++)
                            _groups[i].LearningRate = _groups[i].InitialLearningRate;
                        foreach (var scheduler in _schedulers)
                            scheduler._last_epoch--;
                        _schedulers[0].step();
                    }

                    public override void step() => step(null);

                    public override void step(int? epoch)
                    {
                        _last_epoch = epoch ?? _last_epoch + 1;
                        var current = _milestones.Count(milestone => milestone <= _last_epoch);
                        if (current > 0 && _milestones[current - 1] == _last_epoch)
                        {
                            RestoreInitialRates();
                            _schedulers[current].step(0);
                        }
                        else
                        {
                            _schedulers[current].step();
                        }
                    }

                    protected override IEnumerable<double> get_lr() => Times(1);

                    private void RestoreInitialRates()
                    {
                        for (var i = 0; i < _groups.Length; i++)
                            _groups[i].LearningRate = _base_lrs[i];
                    }
                }
            }
        }
    }
}
