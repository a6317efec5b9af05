namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>initial rate · lambda(epoch)</summary>
                public class LambdaLR : LRScheduler
                {
                    private readonly Func<int, double>[] _lambdas;

                    internal LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> lambdas, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
                    {
                        _lambdas = [.. lambdas];
                        if (_lambdas.Length != _groups.Length)
                            throw new ArgumentException($"The optimiser has {_groups.Length} groups, given are {_lambdas.Length} functions.", nameof(lambdas));
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _base_lrs.Select((rate, i) => rate * _lambdas[i](_last_epoch));
                }
            }
        }
    }
}
