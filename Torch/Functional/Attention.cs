using static TorchSharp.Interop.Boxed;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>softmax(query · keyᵀ / √E + mask) · value. Composed of operators that every libtorch has.</summary>
            /// <param name="query"><c>[N, ..., L, E]</c></param>
            /// <param name="key"><c>[N, ..., S, E]</c></param>
            /// <param name="value"><c>[N, ..., S, V]</c></param>
            /// <param name="attn_mask">Broadcast to <c>[N, ..., L, S]</c>: true where attention is allowed, or a number to add.</param>
            /// <param name="p">Dropout of the attention weights.</param>
            /// <param name="is_casual">Whether position i sees only positions up to i (TorchSharp's spelling).</param>
            /// <returns><c>[N, ..., L, V]</c></returns>
            public static Tensor scaled_dot_product_attention(
                Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
            {
                if (is_casual && attn_mask is not null)
                    throw new ArgumentException("Give either a mask or causal attention, not both.", nameof(is_casual));
                using var scope = NewDisposeScope();
                var scaled = Call("aten::mul.Scalar", query, 1 / Math.Sqrt(query.shape[^1]));
                var scores = Call("aten::matmul", scaled, Call("aten::transpose.int", key, -2, -1));
                if (is_casual)
                {
                    var allowed = Call("aten::tril", Call("aten::ones_like", scores));
                    scores = Call("aten::masked_fill.Scalar", scores, Call("aten::logical_not", allowed), double.NegativeInfinity);
                }
                else if (attn_mask is not null)
                {
                    scores = attn_mask.dtype == ScalarType.Bool
                        ? Call("aten::masked_fill.Scalar", scores, Call("aten::logical_not", attn_mask), double.NegativeInfinity)
                        : Call("aten::add.Tensor", scores, attn_mask);
                }

                var weights = Call("aten::softmax.int", scores, -1);
                if (p > 0)
                    weights = Call("aten::dropout", weights, p, true);
                return Call("aten::matmul", weights, value).MoveToOuterDisposeScope();
            }
        }
    }
}
