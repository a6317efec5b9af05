namespace TorchSharp;

public static partial class torch
{
    public static Tensor add(Tensor input, Tensor other) => input.add(other);

    public static Tensor add(Tensor input, Tensor other, Scalar alpha) => input.add(other, alpha);

    public static Tensor add(Tensor input, Scalar other) => input.add(other);

    public static Tensor sub(Tensor input, Tensor other) => input.sub(other);

    public static Tensor sub(Tensor input, Scalar other) => input.sub(other);

    public static Tensor mul(Tensor input, Tensor other) => input.mul(other);

    public static Tensor mul(Tensor input, Scalar other) => input.mul(other);

    public static Tensor div(Tensor input, Tensor other, RoundingMode rounding_mode = RoundingMode.None) => input.div(other, rounding_mode);

    public static Tensor div(Tensor input, Scalar other, RoundingMode rounding_mode = RoundingMode.None) => input.div(other, rounding_mode);

    public static Tensor floor_divide(Tensor input, Tensor other) => input.floor_divide(other);

    public static Tensor floor_divide(Tensor input, Scalar other) => input.floor_divide(other);

    public static Tensor remainder(Tensor input, Tensor other) => input.remainder(other);

    public static Tensor remainder(Tensor input, Scalar other) => input.remainder(other);

    public static Tensor fmod(Tensor input, Tensor other) => input.fmod(other);

    public static Tensor pow(Tensor input, Tensor exponent) => input.pow(exponent);

    public static Tensor pow(Tensor input, Scalar exponent) => input.pow(exponent);

    public static Tensor addcmul(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul(tensor1, tensor2, value);

    public static Tensor addcdiv(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv(tensor1, tensor2, value);

    public static Tensor lerp(Tensor input, Tensor end, Tensor weight) => input.lerp(end, weight);

    public static Tensor lerp(Tensor input, Tensor end, Scalar weight) => input.lerp(end, weight);

    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    public static Tensor atan2(Tensor input, Tensor other) => input.atan2(other);

    public static Tensor hypot(Tensor input, Tensor other) => input.hypot(other);

    public static Tensor xlogy(Tensor input, Tensor other) => input.xlogy(other);

    public static Tensor logaddexp(Tensor input, Tensor other) => input.logaddexp(other);

    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);

    public static Tensor clamp(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp(min, max);

    public static Tensor clip(Tensor input, Scalar? min = null, Scalar? max = null) => input.clip(min, max);

    public static Tensor nan_to_num(Tensor input, double? nan = null, double? posinf = null, double? neginf = null) => input.nan_to_num(nan, posinf, neginf);

    public static Tensor logit(Tensor input, double? eps = null) => input.logit(eps);
}
