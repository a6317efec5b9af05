namespace TorchSharp;

public static partial class torch
{
    public static Tensor eq(Tensor input, Tensor other) => input.eq(other);

    public static Tensor eq(Tensor input, Scalar other) => input.eq(other);

    public static Tensor ne(Tensor input, Tensor other) => input.ne(other);

    public static Tensor ne(Tensor input, Scalar other) => input.ne(other);

    public static Tensor lt(Tensor input, Tensor other) => input.lt(other);

    public static Tensor lt(Tensor input, Scalar other) => input.lt(other);

    public static Tensor le(Tensor input, Tensor other) => input.le(other);

    public static Tensor le(Tensor input, Scalar other) => input.le(other);

    public static Tensor gt(Tensor input, Tensor other) => input.gt(other);

    public static Tensor gt(Tensor input, Scalar other) => input.gt(other);

    public static Tensor ge(Tensor input, Tensor other) => input.ge(other);

    public static Tensor ge(Tensor input, Scalar other) => input.ge(other);

    public static Tensor logical_and(Tensor input, Tensor other) => input.logical_and(other);

    public static Tensor bitwise_and(Tensor input, Tensor other) => input.bitwise_and(other);

    public static Tensor logical_or(Tensor input, Tensor other) => input.logical_or(other);

    public static Tensor bitwise_or(Tensor input, Tensor other) => input.bitwise_or(other);

    public static Tensor logical_xor(Tensor input, Tensor other) => input.logical_xor(other);

    public static Tensor bitwise_xor(Tensor input, Tensor other) => input.bitwise_xor(other);

    public static Tensor logical_not(Tensor input) => input.logical_not();

    public static Tensor bitwise_not(Tensor input) => input.bitwise_not();

    public static Tensor isnan(Tensor input) => input.isnan();

    public static Tensor isinf(Tensor input) => input.isinf();

    public static Tensor isfinite(Tensor input) => input.isfinite();

    public static Tensor isclose(Tensor input, Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) => input.isclose(other, rtol, atol, nanEqual);

    public static bool allclose(Tensor input, Tensor other, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) => input.allclose(other, rtol, atol, equal_nan);

    public static Tensor equal(Tensor input, Tensor other) => input.equal(other);
}
