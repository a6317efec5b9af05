using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Boxed.Call("aten::eq.Tensor", this, target);

        public Tensor eq(Scalar target) => Boxed.Call("aten::eq.Scalar", this, target);

        public Tensor ne(Tensor target) => Boxed.Call("aten::ne.Tensor", this, target);

        public Tensor ne(Scalar target) => Boxed.Call("aten::ne.Scalar", this, target);

        public Tensor not_equal(Tensor target) => ne(target);

        public Tensor lt(Tensor target) => Boxed.Call("aten::lt.Tensor", this, target);

        public Tensor lt(Scalar target) => Boxed.Call("aten::lt.Scalar", this, target);

        public Tensor less(Tensor target) => lt(target);

        public Tensor le(Tensor target) => Boxed.Call("aten::le.Tensor", this, target);

        public Tensor le(Scalar target) => Boxed.Call("aten::le.Scalar", this, target);

        public Tensor less_equal(Tensor target) => le(target);

        public Tensor gt(Tensor target) => Boxed.Call("aten::gt.Tensor", this, target);

        public Tensor gt(Scalar target) => Boxed.Call("aten::gt.Scalar", this, target);

        public Tensor greater(Tensor target) => gt(target);

        public Tensor ge(Tensor target) => Boxed.Call("aten::ge.Tensor", this, target);

        public Tensor ge(Scalar target) => Boxed.Call("aten::ge.Scalar", this, target);

        public Tensor greater_equal(Tensor target) => ge(target);

        public Tensor logical_and(Tensor other) => Boxed.Call("aten::logical_and", this, other);

        public Tensor bitwise_and(Tensor other) => Boxed.Call("aten::bitwise_and.Tensor", this, other);

        public Tensor logical_or(Tensor other) => Boxed.Call("aten::logical_or", this, other);

        public Tensor bitwise_or(Tensor other) => Boxed.Call("aten::bitwise_or.Tensor", this, other);

        public Tensor logical_xor(Tensor other) => Boxed.Call("aten::logical_xor", this, other);

        public Tensor bitwise_xor(Tensor other) => Boxed.Call("aten::bitwise_xor.Tensor", this, other);

        public Tensor logical_not() => Boxed.Call("aten::logical_not", this);

        public Tensor bitwise_not() => Boxed.Call("aten::bitwise_not", this);

        public Tensor isnan() => Boxed.Call("aten::isnan", this);

        public Tensor isinf() => Boxed.Call("aten::isinf", this);

        public Tensor isfinite() => Boxed.Call("aten::isfinite", this);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Boxed.Call("aten::isclose", this, other, rtol, atol, nanEqual);

        /// <summary>Whether every |this - target| is at most atol + rtol * |target|.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Boxed.CallBool("aten::allclose", this, target, rtol, atol, equal_nan);

        /// <summary>Whether shape and all elements are the same.</summary>
        public Tensor equal(Tensor target) => tensor(Boxed.CallBool("aten::equal", this, target));
    }
}
