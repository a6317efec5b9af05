using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The element type has no gradients, or the tensor is not a leaf.</exception>
        public bool requires_grad
        {
            get => Ask(&Native.dashboard_requires_grad) != 0;
            set
            {
                Native.Check(Native.dashboard_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public bool is_leaf => Ask(&Native.dashboard_is_leaf) != 0;

        /// <summary>Keeps the gradient of a tensor that is not a leaf.</summary>
        public void retain_grad() => Ask(&Native.dashboard_retain_grad);

        /// <summary>The accumulated gradient, null before the first backward. A new object at each call.</summary>
        public Tensor? grad
        {
            get
            {
                nint gradient;
                Native.Check(Native.dashboard_get_grad(Handle, &gradient));
                GC.KeepAlive(this);
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set
            {
                Native.Check(Native.dashboard_set_grad(Handle, value is null ? 0 : value.Handle));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        /// <summary>Adds the gradient of this scalar to that of every leaf it was computed from.</summary>
        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool create_graph = false, bool retain_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, create_graph, retain_graph, inputs);
    }

    public static partial class autograd
    {
        /// <summary>The gradients of the outputs' sum, weighted by <paramref name="grad_outputs"/>, with respect to the inputs.</summary>
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] from = Handles(outputs), to = Handles(inputs), weights = Handles(grad_outputs), found = new nint[inputs.Count];
            fixed (nint* o = from, i = to, w = weights, results = found)
                Native.Check(Native.dashboard_grad(o, from.Length, i, to.Length, w, weights.Length, retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, results));
            GC.KeepAlive((outputs, inputs, grad_outputs));
            return Array.ConvertAll(found, handle => handle == 0 ? null! : new Tensor(handle));
        }

        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool create_graph = false, bool retain_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] roots = Handles(tensors), weights = Handles(grad_tensors), leaves = Handles(inputs);
            fixed (nint* r = roots, w = weights, l = leaves)
                Native.Check(Native.dashboard_backward(r, roots.Length, w, weights.Length, retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, l, leaves.Length));
            GC.KeepAlive((tensors, grad_tensors, inputs));
        }

        private static nint[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor is null ? 0 : tensor.Handle)];
    }
}
