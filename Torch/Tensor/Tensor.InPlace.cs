using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Every method changes this tensor and returns it.</summary>
    public partial class Tensor
    {
        public Tensor add_(Tensor target) => Boxed.InPlace("aten::add_.Tensor", this, target);

        public Tensor add_(Tensor target, Scalar alpha) => Boxed.InPlace("aten::add_.Tensor", this, target, alpha);

        public Tensor add_(Scalar scalar) => Boxed.InPlace("aten::add_.Scalar", this, scalar);

        public Tensor add_(Scalar scalar, Scalar alpha) => Boxed.InPlace("aten::add_.Scalar", this, scalar, alpha);

        public Tensor sub_(Tensor target) => Boxed.InPlace("aten::sub_.Tensor", this, target);

        public Tensor sub_(Scalar scalar) => Boxed.InPlace("aten::sub_.Scalar", this, scalar);

        public Tensor mul_(Tensor target) => Boxed.InPlace("aten::mul_.Tensor", this, target);

        public Tensor mul_(Scalar scalar) => Boxed.InPlace("aten::mul_.Scalar", this, scalar);

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Boxed.InPlace("aten::div_.Tensor_mode", this, target, Name(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Boxed.InPlace("aten::div_.Scalar_mode", this, target, Name(rounding_mode));

        public Tensor remainder_(Tensor other) => Boxed.InPlace("aten::remainder_.Tensor", this, other);

        public Tensor remainder_(Scalar other) => Boxed.InPlace("aten::remainder_.Scalar", this, other);

        public Tensor pow_(Tensor exponent) => Boxed.InPlace("aten::pow_.Tensor", this, exponent);

        public Tensor pow_(Scalar exponent) => Boxed.InPlace("aten::pow_.Scalar", this, exponent);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Boxed.InPlace("aten::addcmul_", this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Boxed.InPlace("aten::addcdiv_", this, tensor1, tensor2, value);

        public Tensor lerp_(Tensor end, Tensor weight) => Boxed.InPlace("aten::lerp_.Tensor", this, end, weight);

        public Tensor lerp_(Tensor end, Scalar weight) => Boxed.InPlace("aten::lerp_.Scalar", this, end, weight);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Boxed.InPlace("aten::clamp_", this, min, max);

        public Tensor clamp_(Tensor min, Tensor max) => Boxed.InPlace("aten::clamp_.Tensor", this, min, max);

        public Tensor clamp_min_(Scalar min) => Boxed.InPlace("aten::clamp_min_", this, min);

        public Tensor clamp_max_(Scalar max) => Boxed.InPlace("aten::clamp_max_", this, max);

        public Tensor nan_to_num_(double? nan = null, double? posinf = null, double? neginf = null) =>
            Boxed.InPlace("aten::nan_to_num_", this, nan, posinf, neginf);

        public Tensor fill_(Scalar value) => Boxed.InPlace("aten::fill_.Scalar", this, value);

        public Tensor zero_() => Boxed.InPlace("aten::zero_", this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Boxed.InPlace("aten::copy_", this, source, nonBlocking);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Boxed.InPlace("aten::masked_fill_.Scalar", this, mask, value);

        public Tensor masked_fill_(Tensor mask, Tensor value) => Boxed.InPlace("aten::masked_fill_.Tensor", this, mask, value);

        public Tensor masked_scatter_(Tensor mask, Tensor value) => Boxed.InPlace("aten::masked_scatter_", this, mask, value);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Boxed.InPlace("aten::scatter_.src", this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Scalar value) => Boxed.InPlace("aten::scatter_.value", this, dim, index, value);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Boxed.InPlace("aten::scatter_add_", this, dim, index, src);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Boxed.InPlace("aten::index_add_", this, dim, index, source, alpha);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Boxed.InPlace("aten::index_copy_", this, dim, index, source);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) =>
            Boxed.InPlace("aten::index_fill_.int_Scalar", this, dim, index, value);

        public Tensor triu_(long diagonal = 0L) => Boxed.InPlace("aten::triu_", this, diagonal);

        public Tensor tril_(long diagonal = 0L) => Boxed.InPlace("aten::tril_", this, diagonal);

        public Tensor squeeze_(long dim) => Boxed.InPlace("aten::squeeze_.dim", this, dim);

        public Tensor unsqueeze_(long dim) => Boxed.InPlace("aten::unsqueeze_", this, dim);

        public Tensor t_() => Boxed.InPlace("aten::t_", this);

        public Tensor transpose_(long dim0, long dim1) => Boxed.InPlace("aten::transpose_", this, dim0, dim1);

        public Tensor detach_() => Boxed.InPlace("aten::detach_", this);

        public Tensor logical_not_() => Boxed.InPlace("aten::logical_not_", this);

        public Tensor eq_(Tensor target) => Boxed.InPlace("aten::eq_.Tensor", this, target);

        public Tensor eq_(Scalar target) => Boxed.InPlace("aten::eq_.Scalar", this, target);

        public Tensor ne_(Tensor target) => Boxed.InPlace("aten::ne_.Tensor", this, target);

        public Tensor ne_(Scalar target) => Boxed.InPlace("aten::ne_.Scalar", this, target);

        public Tensor lt_(Tensor target) => Boxed.InPlace("aten::lt_.Tensor", this, target);

        public Tensor lt_(Scalar target) => Boxed.InPlace("aten::lt_.Scalar", this, target);

        public Tensor le_(Tensor target) => Boxed.InPlace("aten::le_.Tensor", this, target);

        public Tensor le_(Scalar target) => Boxed.InPlace("aten::le_.Scalar", this, target);

        public Tensor gt_(Tensor target) => Boxed.InPlace("aten::gt_.Tensor", this, target);

        public Tensor gt_(Scalar target) => Boxed.InPlace("aten::gt_.Scalar", this, target);

        public Tensor ge_(Tensor target) => Boxed.InPlace("aten::ge_.Tensor", this, target);

        public Tensor ge_(Scalar target) => Boxed.InPlace("aten::ge_.Scalar", this, target);

        public Tensor subtract_(Tensor target) => sub_(target);

        public Tensor clip_(Scalar? min = null, Scalar? max = null) => clamp_(min, max);
    }
}
