namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Learning rate schedules. Each takes its first step when made, as PyTorch's do.</summary>
        public static partial class lr_scheduler
        {
            /// <param name="lr_lambda">The factor at an epoch, from 0.</param>
            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                => new impl.LambdaLR(optimizer, optimizer.ParamGroups.Select(_ => lr_lambda), last_epoch, verbose);

            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                => new impl.StepLR(optimizer, step_size, gamma, last_epoch, verbose);

            public static LRScheduler MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                => new impl.MultiStepLR(optimizer, milestones, gamma, last_epoch, verbose);

            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                => new impl.ExponentialLR(optimizer, gamma, last_epoch, verbose);

            public static LRScheduler PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1.0, int last_epoch = -1, bool verbose = false)
                => new impl.PolynomialLR(optimizer, total_iters, power, last_epoch, verbose);

            /// <param name="end_factor">TorchSharp's default is 5, PyTorch's 1: give it.</param>
            public static LRScheduler LinearLR(
                Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 5, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                => new impl.LinearLR(optimizer, start_factor, end_factor, total_iters, last_epoch, verbose);

            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                => new impl.CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);

            /// <param name="milestones">The epochs at which the next schedule begins: one fewer than schedules.</param>
            public static LRScheduler SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1)
                => new impl.SequentialLR(optimizer, schedulers, milestones, last_epoch);
        }
    }
}
