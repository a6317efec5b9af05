namespace TorchSharp;

internal enum TensorIndexKind
{
    None,
    Single,
    Slice,
    Ellipsis,
    Null,
    Bool,
    Tensor,
}

public static partial class torch
{
    /// <summary>One entry between the brackets of <c>tensor[...]</c>.</summary>
    public struct TensorIndex
    {
        internal long? Start;
        internal long? Stop;
        internal long? Step;
        internal TensorIndexKind Kind;
        internal bool Truth;
        internal Tensor? Indices;

        /// <summary>All the dimensions that the other entries leave.</summary>
        public static readonly TensorIndex Ellipsis = new() { Kind = TensorIndexKind.Ellipsis };

        /// <summary>A new dimension of length 1.</summary>
        public static readonly TensorIndex None = new() { Kind = TensorIndexKind.None };

        public static readonly TensorIndex Null = new() { Kind = TensorIndexKind.Null };

        /// <summary>A dimension whole.</summary>
        public static readonly TensorIndex Colon = Slice();

        /// <summary>start, start + step, ... below stop; negative bounds count from the end.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { Kind = TensorIndexKind.Slice, Start = start, Stop = stop, Step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) =>
            Slice(Position(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : Position(range.End));

        public static TensorIndex Bool(bool value) => new() { Kind = TensorIndexKind.Bool, Truth = value };

        public static TensorIndex Single(long? index) => new() { Kind = TensorIndexKind.Single, Start = index };

        public static TensorIndex Tensor(Tensor tensor) => new() { Kind = TensorIndexKind.Tensor, Indices = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(bool value) => Bool(value);

        public static implicit operator TensorIndex(Tensor value) => Tensor(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(Position(index));

        internal readonly bool IsMask => Indices is { } indices && indices.dtype is ScalarType.Bool or ScalarType.Byte;

        /// <summary>How many dimensions of the indexed tensor the entry stands for; a mask, as many as it has.</summary>
        internal readonly long ConsumedDimensions => Kind switch
        {
            TensorIndexKind.Single or TensorIndexKind.Slice => 1,
            TensorIndexKind.Tensor => IsMask ? Indices!.dim() : 1,
            _ => 0,
        };

        private static long Position(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
