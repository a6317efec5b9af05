using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Indexing as in PyTorch: integers, ranges, Ellipsis, None, masks and index tensors, freely mixed.</summary>
    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get
            {
                var view = Follow(indices, out var tensors);
                if (tensors is null) return view;
                using (view) return Boxed.Call("aten::index.Tensor", view, tensors);
            }
            set
            {
                using var view = Follow(indices, out var tensors);
                Assign(view, tensors, value);
            }
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => Assign(this, indices, value);
        }

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set
            {
                using var view = select(0, i1);
                view.copy_(value);
            }
        }

        public Tensor this[long i1, long i2] { get => Pick(i1, i2); set => Put(value, i1, i2); }

        public Tensor this[long i1, long i2, long i3] { get => Pick(i1, i2, i3); set => Put(value, i1, i2, i3); }

        public Tensor this[long i1, long i2, long i3, long i4] { get => Pick(i1, i2, i3, i4); set => Put(value, i1, i2, i3, i4); }

        public Tensor this[long i1, long i2, long i3, long i4, long i5] { get => Pick(i1, i2, i3, i4, i5); set => Put(value, i1, i2, i3, i4, i5); }

        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6] { get => Pick(i1, i2, i3, i4, i5, i6); set => Put(value, i1, i2, i3, i4, i5, i6); }

        private Tensor Pick(params ReadOnlySpan<long> indices)
        {
            var view = select(0, indices[0]);
            foreach (var index in indices[1..])
            {
                using var previous = view;
                view = previous.select(0, index);
            }
            return view;
        }

        private void Put(Tensor value, params ReadOnlySpan<long> indices)
        {
            using var view = Pick(indices);
            view.copy_(value);
        }

        private static void Assign(Tensor view, Tensor?[]? tensors, Tensor value)
        {
            if (tensors is null)
            {
                view.copy_(value);
                return;
            }
            var same = value.to(view.dtype, view.device);
            Boxed.CallVoid("aten::index_put_", view, tensors, same, false);
            if (!ReferenceEquals(same, value)) same.Dispose();
        }

        /// <summary>
        /// The view that integers, slices, None and Ellipsis make, one dimension at a time; index tensors are left over, one entry a
        /// dimension or mask, null where a dimension is taken whole. No tensors: null.
        /// </summary>
        private Tensor Follow(TensorIndex[] indices, out Tensor?[]? tensors)
        {
            var consumed = 0L;
            foreach (var index in indices) consumed += index.ConsumedDimensions;
            var dimensions = dim();
            if (consumed > dimensions)
                throw new ExternalException($"too many indices for tensor of dimension {dimensions}");

            List<Tensor?>? left = null;
            var view = alias();
            var at = 0;        // the dimension of the view
            var absorbed = 0;  // dimensions that stand behind masks of more than one: a mask has one entry whatever its rank
            foreach (var index in indices)
            {
                using var previous = view;
                switch (index.Kind)
                {
                    case TensorIndexKind.Single:
                        view = previous.select(at, index.Start!.Value);
                        break;
                    case TensorIndexKind.Slice:
                        view = Boxed.Call("aten::slice.Tensor", previous, at++, index.Start, index.Stop, index.Step ?? 1);
                        break;
                    case TensorIndexKind.None or TensorIndexKind.Null:
                        view = previous.unsqueeze(at++);
                        break;
                    case TensorIndexKind.Ellipsis:
                        at += (int)(dimensions - consumed);
                        view = previous.alias();
                        break;
                    case TensorIndexKind.Bool:
                        view = previous.unsqueeze(at);
                        Leave(ref left, at++ - absorbed, tensor([index.Truth]));
                        break;
                    default:
                        view = previous.alias();
                        Leave(ref left, at - absorbed, index.Indices!);
                        at += (int)index.ConsumedDimensions;
                        absorbed += (int)index.ConsumedDimensions - 1;
                        break;
                }
            }
            tensors = left is null ? null : [.. left];
            return view;
        }

        private static void Leave(ref List<Tensor?>? left, int at, Tensor index)
        {
            left ??= [];
            while (left.Count < at) left.Add(null);
            left.Add(index);
        }
    }
}
