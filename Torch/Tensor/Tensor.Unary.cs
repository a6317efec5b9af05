using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Boxed.Call("aten::abs", this);

        public Tensor neg() => Boxed.Call("aten::neg", this);

        public Tensor exp() => Boxed.Call("aten::exp", this);

        public Tensor exp2() => Boxed.Call("aten::exp2", this);

        public Tensor expm1() => Boxed.Call("aten::expm1", this);

        public Tensor log() => Boxed.Call("aten::log", this);

        public Tensor log2() => Boxed.Call("aten::log2", this);

        public Tensor log1p() => Boxed.Call("aten::log1p", this);

        public Tensor sqrt() => Boxed.Call("aten::sqrt", this);

        public Tensor rsqrt() => Boxed.Call("aten::rsqrt", this);

        public Tensor square() => Boxed.Call("aten::square", this);

        public Tensor reciprocal() => Boxed.Call("aten::reciprocal", this);

        public Tensor sin() => Boxed.Call("aten::sin", this);

        public Tensor cos() => Boxed.Call("aten::cos", this);

        public Tensor tan() => Boxed.Call("aten::tan", this);

        public Tensor asin() => Boxed.Call("aten::asin", this);

        public Tensor acos() => Boxed.Call("aten::acos", this);

        public Tensor atan() => Boxed.Call("aten::atan", this);

        public Tensor sinh() => Boxed.Call("aten::sinh", this);

        public Tensor cosh() => Boxed.Call("aten::cosh", this);

        public Tensor tanh() => Boxed.Call("aten::tanh", this);

        public Tensor asinh() => Boxed.Call("aten::asinh", this);

        public Tensor acosh() => Boxed.Call("aten::acosh", this);

        public Tensor atanh() => Boxed.Call("aten::atanh", this);

        public Tensor sigmoid() => Boxed.Call("aten::sigmoid", this);

        public Tensor erf() => Boxed.Call("aten::erf", this);

        public Tensor erfc() => Boxed.Call("aten::erfc", this);

        public Tensor erfinv() => Boxed.Call("aten::erfinv", this);

        public Tensor ceil() => Boxed.Call("aten::ceil", this);

        public Tensor floor() => Boxed.Call("aten::floor", this);

        public Tensor round() => Boxed.Call("aten::round", this);

        public Tensor trunc() => Boxed.Call("aten::trunc", this);

        public Tensor frac() => Boxed.Call("aten::frac", this);

        public Tensor sgn() => Boxed.Call("aten::sgn", this);

        public Tensor sign() => Boxed.Call("aten::sign", this);

        public Tensor relu() => Boxed.Call("aten::relu", this);

        public Tensor lgamma() => Boxed.Call("aten::lgamma", this);

        public Tensor digamma() => Boxed.Call("aten::digamma", this);

        public Tensor absolute() => abs();

        public Tensor negative() => neg();

        public Tensor arcsin() => asin();

        public Tensor arccos() => acos();

        public Tensor arctan() => atan();

        public Tensor fix() => trunc();
    }
}
