using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs_() => InPlace("aten::abs_");

        public Tensor neg_() => InPlace("aten::neg_");

        public Tensor exp_() => InPlace("aten::exp_");

        public Tensor exp2_() => InPlace("aten::exp2_");

        public Tensor expm1_() => InPlace("aten::expm1_");

        public Tensor log_() => InPlace("aten::log_");

        public Tensor log2_() => InPlace("aten::log2_");

        public Tensor log1p_() => InPlace("aten::log1p_");

        public Tensor sqrt_() => InPlace("aten::sqrt_");

        public Tensor rsqrt_() => InPlace("aten::rsqrt_");

        public Tensor square_() => InPlace("aten::square_");

        public Tensor reciprocal_() => InPlace("aten::reciprocal_");

        public Tensor sin_() => InPlace("aten::sin_");

        public Tensor cos_() => InPlace("aten::cos_");

        public Tensor tan_() => InPlace("aten::tan_");

        public Tensor asin_() => InPlace("aten::asin_");

        public Tensor acos_() => InPlace("aten::acos_");

        public Tensor atan_() => InPlace("aten::atan_");

        public Tensor sinh_() => InPlace("aten::sinh_");

        public Tensor cosh_() => InPlace("aten::cosh_");

        public Tensor tanh_() => InPlace("aten::tanh_");

        public Tensor asinh_() => InPlace("aten::asinh_");

        public Tensor acosh_() => InPlace("aten::acosh_");

        public Tensor atanh_() => InPlace("aten::atanh_");

        public Tensor sigmoid_() => InPlace("aten::sigmoid_");

        public Tensor erf_() => InPlace("aten::erf_");

        public Tensor erfc_() => InPlace("aten::erfc_");

        public Tensor erfinv_() => InPlace("aten::erfinv_");

        public Tensor ceil_() => InPlace("aten::ceil_");

        public Tensor floor_() => InPlace("aten::floor_");

        public Tensor round_() => InPlace("aten::round_");

        public Tensor trunc_() => InPlace("aten::trunc_");

        public Tensor frac_() => InPlace("aten::frac_");

        public Tensor sgn_() => InPlace("aten::sgn_");

        public Tensor sign_() => InPlace("aten::sign_");

        public Tensor relu_() => InPlace("aten::relu_");

        public Tensor lgamma_() => InPlace("aten::lgamma_");

        public Tensor digamma_() => InPlace("aten::digamma_");

        public Tensor absolute_() => abs_();

        public Tensor negative_() => neg_();

        public Tensor arcsin_() => asin_();

        public Tensor arccos_() => acos_();

        public Tensor arctan_() => atan_();

        public Tensor fix_() => trunc_();

        private Tensor InPlace(string op)
        {
            Boxed.CallVoid(op, this);
            return this;
        }
    }
}
