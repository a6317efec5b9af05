using static TorchSharp.Interop.Boxed;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What becomes of the losses of a batch's elements.</summary>
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            /// <summary>-[wₚ · y · log σ(x) + (1 - y) · log(1 - σ(x))] per element.</summary>
            /// <param name="pos_weights">wₚ, the weight of positive targets, one a class.</param>
            public static Tensor binary_cross_entropy_with_logits(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
                => Call("aten::binary_cross_entropy_with_logits", input, target, weight, pos_weights, (long)reduction);

            /// <summary>-[y · log x + (1 - y) · log(1 - x)] per element, x a probability.</summary>
            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
                => Call("aten::binary_cross_entropy", input, target, weight, (long)reduction);

            /// <param name="input">Logits, <c>[N, K, ...]</c></param>
            /// <param name="target">Class indices <c>[N, ...]</c> of type int64, or class probabilities <c>[N, K, ...]</c></param>
            /// <param name="weight">One weight a class, <c>[K]</c></param>
            /// <param name="ignore_index">Targets of this value do not count.</param>
            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0)
                => Call("aten::cross_entropy_loss", input, target, weight, (long)reduction, ignore_index, label_smoothing);

            /// <param name="input">Log probabilities, <c>[N, K, ...]</c></param>
            /// <param name="target">Class indices, <c>[N, ...]</c></param>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
                => Call("aten::nll_loss_nd", input, target, weight, (long)reduction);

            /// <summary>-[y · log σ(x) + (1 - y) · log σ(-x)], averaged over the K classes and then reduced over the N images.</summary>
            /// <param name="input">Logits, <c>[N, K]</c></param>
            /// <param name="target">Image tags, 0 or 1, <c>[N, K]</c></param>
            public static Tensor multilabel_soft_margin_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                var positive = Call("aten::mul.Tensor", target, Call("aten::log_sigmoid", input));
                var absent = Call("aten::rsub.Scalar", target, 1.0);
                var negative = Call("aten::mul.Tensor", absent, Call("aten::log_sigmoid", Call("aten::neg", input)));
                var losses = Call("aten::neg", Call("aten::add.Tensor", positive, negative));
                if (weight is not null)
                    losses = Call("aten::mul.Tensor", losses, weight);
                losses = Call("aten::div.Scalar", Call("aten::sum.dim_IntList", losses, new[] { -1L }), input.shape[^1]);
                return Reduce(losses, reduction).MoveToOuterDisposeScope();
            }

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
                => Call("aten::mse_loss", input, target, (long)reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
                => Call("aten::l1_loss", input, target, (long)reduction);

            /// <summary>Squared error below <paramref name="beta"/>, absolute error above it.</summary>
            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0)
                => Call("aten::smooth_l1_loss", input, target, (long)reduction, beta);

            /// <summary>target · (log target - input), input being log probabilities. The default says that target is in log space too, as TorchSharp's does.</summary>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean)
                => Call("aten::kl_div", input, target, (long)reduction, log_target);

            public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean)
                => Call("aten::cosine_embedding_loss", input1, input2, target, margin, (long)reduction);

            private static Tensor Reduce(Tensor losses, Reduction reduction) => reduction switch
            {
                Reduction.Mean => Call("aten::mean", losses),
                Reduction.Sum => Call("aten::sum", losses),
                _ => losses,
            };
        }
    }
}
