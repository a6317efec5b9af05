using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Every method changes this tensor and returns it.</summary>
    public partial class Tensor
    {
        public Tensor add_(Tensor target)
        {
            Boxed.CallVoid("aten::add_.Tensor", this, target);
            return this;
        }

        public Tensor add_(Tensor target, Scalar alpha)
        {
            Boxed.CallVoid("aten::add_.Tensor", this, target, alpha);
            return this;
        }

        public Tensor add_(Scalar scalar)
        {
            Boxed.CallVoid("aten::add_.Scalar", this, scalar);
            return this;
        }

        public Tensor add_(Scalar scalar, Scalar alpha)
        {
            Boxed.CallVoid("aten::add_.Scalar", this, scalar, alpha);
            return this;
        }

        public Tensor sub_(Tensor target)
        {
            Boxed.CallVoid("aten::sub_.Tensor", this, target);
            return this;
        }

        public Tensor sub_(Scalar scalar)
        {
            Boxed.CallVoid("aten::sub_.Scalar", this, scalar);
            return this;
        }

        public Tensor mul_(Tensor target)
        {
            Boxed.CallVoid("aten::mul_.Tensor", this, target);
            return this;
        }

        public Tensor mul_(Scalar scalar)
        {
            Boxed.CallVoid("aten::mul_.Scalar", this, scalar);
            return this;
        }

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            Boxed.CallVoid("aten::div_.Tensor_mode", this, target, Name(rounding_mode));
            return this;
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            Boxed.CallVoid("aten::div_.Scalar_mode", this, target, Name(rounding_mode));
            return this;
        }

        public Tensor remainder_(Tensor other)
        {
            Boxed.CallVoid("aten::remainder_.Tensor", this, other);
            return this;
        }

        public Tensor remainder_(Scalar other)
        {
            Boxed.CallVoid("aten::remainder_.Scalar", this, other);
            return this;
        }

        public Tensor pow_(Tensor exponent)
        {
            Boxed.CallVoid("aten::pow_.Tensor", this, exponent);
            return this;
        }

        public Tensor pow_(Scalar exponent)
        {
            Boxed.CallVoid("aten::pow_.Scalar", this, exponent);
            return this;
        }

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            Boxed.CallVoid("aten::addcmul_", this, tensor1, tensor2, value);
            return this;
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            Boxed.CallVoid("aten::addcdiv_", this, tensor1, tensor2, value);
            return this;
        }

        public Tensor lerp_(Tensor end, Tensor weight)
        {
            Boxed.CallVoid("aten::lerp_.Tensor", this, end, weight);
            return this;
        }

        public Tensor lerp_(Tensor end, Scalar weight)
        {
            Boxed.CallVoid("aten::lerp_.Scalar", this, end, weight);
            return this;
        }

        public Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            Boxed.CallVoid("aten::clamp_", this, min, max);
            return this;
        }

        public Tensor clamp_(Tensor min, Tensor max)
        {
            Boxed.CallVoid("aten::clamp_.Tensor", this, min, max);
            return this;
        }

        public Tensor clamp_min_(Scalar min)
        {
            Boxed.CallVoid("aten::clamp_min_", this, min);
            return this;
        }

        public Tensor clamp_max_(Scalar max)
        {
            Boxed.CallVoid("aten::clamp_max_", this, max);
            return this;
        }

        public Tensor nan_to_num_(double? nan = null, double? posinf = null, double? neginf = null)
        {
            Boxed.CallVoid("aten::nan_to_num_", this, nan, posinf, neginf);
            return this;
        }

        public Tensor fill_(Scalar value)
        {
            Boxed.CallVoid("aten::fill_.Scalar", this, value);
            return this;
        }

        public Tensor zero_()
        {
            Boxed.CallVoid("aten::zero_", this);
            return this;
        }

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            Boxed.CallVoid("aten::copy_", this, source, nonBlocking);
            return this;
        }

        public Tensor masked_fill_(Tensor mask, Scalar value)
        {
            Boxed.CallVoid("aten::masked_fill_.Scalar", this, mask, value);
            return this;
        }

        public Tensor masked_fill_(Tensor mask, Tensor value)
        {
            Boxed.CallVoid("aten::masked_fill_.Tensor", this, mask, value);
            return this;
        }

        public Tensor masked_scatter_(Tensor mask, Tensor value)
        {
            Boxed.CallVoid("aten::masked_scatter_", this, mask, value);
            return this;
        }

        public Tensor scatter_(long dim, Tensor index, Tensor src)
        {
            Boxed.CallVoid("aten::scatter_.src", this, dim, index, src);
            return this;
        }

        public Tensor scatter_(long dim, Tensor index, Scalar value)
        {
            Boxed.CallVoid("aten::scatter_.value", this, dim, index, value);
            return this;
        }

        public Tensor scatter_add_(long dim, Tensor index, Tensor src)
        {
            Boxed.CallVoid("aten::scatter_add_", this, dim, index, src);
            return this;
        }

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha)
        {
            Boxed.CallVoid("aten::index_add_", this, dim, index, source, alpha);
            return this;
        }

        public Tensor index_copy_(long dim, Tensor index, Tensor source)
        {
            Boxed.CallVoid("aten::index_copy_", this, dim, index, source);
            return this;
        }

        public Tensor index_fill_(long dim, Tensor index, Scalar value)
        {
            Boxed.CallVoid("aten::index_fill_.int_Scalar", this, dim, index, value);
            return this;
        }

        public Tensor triu_(long diagonal = 0L)
        {
            Boxed.CallVoid("aten::triu_", this, diagonal);
            return this;
        }

        public Tensor tril_(long diagonal = 0L)
        {
            Boxed.CallVoid("aten::tril_", this, diagonal);
            return this;
        }

        public Tensor squeeze_(long dim)
        {
            Boxed.CallVoid("aten::squeeze_.dim", this, dim);
            return this;
        }

        public Tensor unsqueeze_(long dim)
        {
            Boxed.CallVoid("aten::unsqueeze_", this, dim);
            return this;
        }

        public Tensor t_()
        {
            Boxed.CallVoid("aten::t_", this);
            return this;
        }

        public Tensor transpose_(long dim0, long dim1)
        {
            Boxed.CallVoid("aten::transpose_", this, dim0, dim1);
            return this;
        }

        public Tensor detach_()
        {
            Boxed.CallVoid("aten::detach_", this);
            return this;
        }

        public Tensor logical_not_()
        {
            Boxed.CallVoid("aten::logical_not_", this);
            return this;
        }

        public Tensor eq_(Tensor target)
        {
            Boxed.CallVoid("aten::eq_.Tensor", this, target);
            return this;
        }

        public Tensor eq_(Scalar target)
        {
            Boxed.CallVoid("aten::eq_.Scalar", this, target);
            return this;
        }

        public Tensor ne_(Tensor target)
        {
            Boxed.CallVoid("aten::ne_.Tensor", this, target);
            return this;
        }

        public Tensor ne_(Scalar target)
        {
            Boxed.CallVoid("aten::ne_.Scalar", this, target);
            return this;
        }

        public Tensor lt_(Tensor target)
        {
            Boxed.CallVoid("aten::lt_.Tensor", this, target);
            return this;
        }

        public Tensor lt_(Scalar target)
        {
            Boxed.CallVoid("aten::lt_.Scalar", this, target);
            return this;
        }

        public Tensor le_(Tensor target)
        {
            Boxed.CallVoid("aten::le_.Tensor", this, target);
            return this;
        }

        public Tensor le_(Scalar target)
        {
            Boxed.CallVoid("aten::le_.Scalar", this, target);
            return this;
        }

        public Tensor gt_(Tensor target)
        {
            Boxed.CallVoid("aten::gt_.Tensor", this, target);
            return this;
        }

        public Tensor gt_(Scalar target)
        {
            Boxed.CallVoid("aten::gt_.Scalar", this, target);
            return this;
        }

        public Tensor ge_(Tensor target)
        {
            Boxed.CallVoid("aten::ge_.Tensor", this, target);
            return this;
        }

        public Tensor ge_(Scalar target)
        {
            Boxed.CallVoid("aten::ge_.Scalar", this, target);
            return this;
        }

        public Tensor subtract_(Tensor target) => sub_(target);

        public Tensor clip_(Scalar? min = null, Scalar? max = null) => clamp_(min, max);
    }
}
