using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    public partial class Tensor
    {
        /// <summary>this + alpha * target.</summary>
        public Tensor add(Tensor target, Scalar alpha) => Boxed.Call("aten::add.Tensor", this, target, alpha);

        public Tensor add(Tensor target) => Boxed.Call("aten::add.Tensor", this, target);

        public Tensor add(Scalar scalar, Scalar alpha) => Boxed.Call("aten::add.Scalar", this, scalar, alpha);

        public Tensor add(Scalar scalar) => Boxed.Call("aten::add.Scalar", this, scalar);

        public Tensor sub(Tensor target, Scalar alpha) => Boxed.Call("aten::sub.Tensor", this, target, alpha);

        public Tensor sub(Tensor target) => Boxed.Call("aten::sub.Tensor", this, target);

        public Tensor sub(Scalar scalar) => Boxed.Call("aten::sub.Scalar", this, scalar);

        public Tensor subtract(Tensor target) => sub(target);

        public Tensor mul(Tensor target) => Boxed.Call("aten::mul.Tensor", this, target);

        public Tensor mul(Scalar scalar) => Boxed.Call("aten::mul.Scalar", this, scalar);

        public Tensor multiply(Tensor target) => mul(target);

        public Tensor multiply(Scalar scalar) => mul(scalar);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Boxed.Call("aten::div.Tensor_mode", this, target, Name(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Boxed.Call("aten::div.Scalar_mode", this, target, Name(rounding_mode));

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor true_divide(Tensor other) => Boxed.Call("aten::true_divide.Tensor", this, other);

        public Tensor true_divide(Scalar other) => Boxed.Call("aten::true_divide.Scalar", this, other);

        public Tensor floor_divide(Tensor other) => Boxed.Call("aten::floor_divide", this, other);

        public Tensor floor_divide(Scalar other) => Boxed.Call("aten::floor_divide.Scalar", this, other);

        public Tensor remainder(Tensor other) => Boxed.Call("aten::remainder.Tensor", this, other);

        public Tensor remainder(Scalar other) => Boxed.Call("aten::remainder.Scalar", this, other);

        public Tensor fmod(Tensor other) => Boxed.Call("aten::fmod.Tensor", this, other);

        public Tensor fmod(Scalar scalar) => Boxed.Call("aten::fmod.Scalar", this, scalar);

        public Tensor pow(Tensor exponent) => Boxed.Call("aten::pow.Tensor_Tensor", this, exponent);

        public Tensor pow(Scalar exponent) => Boxed.Call("aten::pow.Tensor_Scalar", this, exponent);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Boxed.Call("aten::addcmul", this, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Boxed.Call("aten::addcdiv", this, tensor1, tensor2, value);

        public Tensor lerp(Tensor end, Tensor weight) => Boxed.Call("aten::lerp.Tensor", this, end, weight);

        public Tensor lerp(Tensor end, Scalar weight) => Boxed.Call("aten::lerp.Scalar", this, end, weight);

        public Tensor maximum(Tensor other) => Boxed.Call("aten::maximum", this, other);

        public Tensor minimum(Tensor other) => Boxed.Call("aten::minimum", this, other);

        public Tensor atan2(Tensor other) => Boxed.Call("aten::atan2", this, other);

        public Tensor hypot(Tensor other) => Boxed.Call("aten::hypot", this, other);

        public Tensor xlogy(Tensor y) => Boxed.Call("aten::xlogy.Tensor", this, y);

        public Tensor logaddexp(Tensor other) => Boxed.Call("aten::logaddexp", this, other);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Boxed.Call("aten::clamp", this, min, max);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Boxed.Call("aten::clamp.Tensor", this, min, max);

        public Tensor clamp_min(Scalar min) => Boxed.Call("aten::clamp_min", this, min);

        public Tensor clamp_max(Scalar max) => Boxed.Call("aten::clamp_max", this, max);

        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

        public Tensor nan_to_num(double? nan = null, double? posinf = null, double? neginf = null) =>
            Boxed.Call("aten::nan_to_num", this, nan, posinf, neginf);

        public Tensor logit(double? eps = null) => Boxed.Call("aten::logit", this, eps);

        internal static string? Name(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();
    }
}
