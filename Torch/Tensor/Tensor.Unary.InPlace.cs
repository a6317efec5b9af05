using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs_() => Boxed.InPlace("aten::abs_", this);

        public Tensor neg_() => Boxed.InPlace("aten::neg_", this);

        public Tensor exp_() => Boxed.InPlace("aten::exp_", this);

        public Tensor exp2_() => Boxed.InPlace("aten::exp2_", this);

        public Tensor expm1_() => Boxed.InPlace("aten::expm1_", this);

        public Tensor log_() => Boxed.InPlace("aten::log_", this);

        public Tensor log2_() => Boxed.InPlace("aten::log2_", this);

        public Tensor log1p_() => Boxed.InPlace("aten::log1p_", this);

        public Tensor sqrt_() => Boxed.InPlace("aten::sqrt_", this);

        public Tensor rsqrt_() => Boxed.InPlace("aten::rsqrt_", this);

        public Tensor square_() => Boxed.InPlace("aten::square_", this);

        public Tensor reciprocal_() => Boxed.InPlace("aten::reciprocal_", this);

        public Tensor sin_() => Boxed.InPlace("aten::sin_", this);

        public Tensor cos_() => Boxed.InPlace("aten::cos_", this);

        public Tensor tan_() => Boxed.InPlace("aten::tan_", this);

        public Tensor asin_() => Boxed.InPlace("aten::asin_", this);

        public Tensor acos_() => Boxed.InPlace("aten::acos_", this);

        public Tensor atan_() => Boxed.InPlace("aten::atan_", this);

        public Tensor sinh_() => Boxed.InPlace("aten::sinh_", this);

        public Tensor cosh_() => Boxed.InPlace("aten::cosh_", this);

        public Tensor tanh_() => Boxed.InPlace("aten::tanh_", this);

        public Tensor asinh_() => Boxed.InPlace("aten::asinh_", this);

        public Tensor acosh_() => Boxed.InPlace("aten::acosh_", this);

        public Tensor atanh_() => Boxed.InPlace("aten::atanh_", this);

        public Tensor sigmoid_() => Boxed.InPlace("aten::sigmoid_", this);

        public Tensor erf_() => Boxed.InPlace("aten::erf_", this);

        public Tensor erfc_() => Boxed.InPlace("aten::erfc_", this);

        public Tensor erfinv_() => Boxed.InPlace("aten::erfinv_", this);

        public Tensor ceil_() => Boxed.InPlace("aten::ceil_", this);

        public Tensor floor_() => Boxed.InPlace("aten::floor_", this);

        public Tensor round_() => Boxed.InPlace("aten::round_", this);

        public Tensor trunc_() => Boxed.InPlace("aten::trunc_", this);

        public Tensor frac_() => Boxed.InPlace("aten::frac_", this);

        public Tensor sgn_() => Boxed.InPlace("aten::sgn_", this);

        public Tensor sign_() => Boxed.InPlace("aten::sign_", this);

        public Tensor relu_() => Boxed.InPlace("aten::relu_", this);

        public Tensor lgamma_() => Boxed.InPlace("aten::lgamma_", this);

        public Tensor digamma_() => Boxed.InPlace("aten::digamma_", this);

        public Tensor absolute_() => abs_();

        public Tensor negative_() => neg_();

        public Tensor arcsin_() => asin_();

        public Tensor arccos_() => acos_();

        public Tensor arctan_() => atan_();

        public Tensor fix_() => trunc_();
    }
}
