using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>Reads and writes the elements of a CPU tensor in place, in logical (row-major) order whatever the strides.</summary>
public sealed unsafe class TensorAccessor<T> : IEnumerable<T> where T : unmanaged
{
    private readonly Tensor _tensor;  // keeps the memory alive
    private readonly T* _data;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        tensor.RequireCpu();
        if (TypeOf(typeof(T)) != tensor.dtype)
            throw new ArgumentException($"A tensor of {tensor.dtype} cannot be read as {typeof(T).Name}: convert it with to(...) first.");
        _tensor = tensor;
        _data = (T*)tensor.Address;
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
    }

    public long Count => _tensor.numel();

    public bool IsEmpty => Count == 0;

    public T this[params long[] indices]
    {
        get
        {
            var element = _data[Offset(indices)];
            GC.KeepAlive(_tensor);
            return element;
        }
        set
        {
            _data[Offset(indices)] = value;
            GC.KeepAlive(_tensor);
        }
    }

    /// <summary>The elements, copied.</summary>
    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result.AsSpan());
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var next = arrayIndex;
        for (var i = tensorIndex; i < Count; i++) array[next++] = At(i);
    }

    /// <summary>The elements, copied; the target must hold them all.</summary>
    public void CopyTo(Span<T> target)
    {
        var count = checked((int)Count);
        if (_contiguous) new ReadOnlySpan<T>(_data, count).CopyTo(target);
        else CopyPacked(target);
        GC.KeepAlive(_tensor);
    }

    private void CopyPacked(Span<T> target)
    {
        using var off = no_grad();
        using var packed = _tensor.contiguous();
        new TensorAccessor<T>(packed).CopyTo(target);
    }

    /// <summary>Overwrites the elements, in order.</summary>
    public void CopyFrom(ReadOnlySpan<T> source)
    {
        if (source.Length > Count) throw new ArgumentException($"{source.Length} elements do not fit into {Count}.");
        if (_contiguous) source.CopyTo(new Span<T>(_data, source.Length));
        else for (var i = 0; i < source.Length; i++) _data[LinearOffset(i)] = source[i];
        GC.KeepAlive(_tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        for (var i = arrayIndex; i < array.Length && tensorIndex < Count; i++) _data[LinearOffset(tensorIndex++)] = array[i];
        GC.KeepAlive(_tensor);
    }

    /// <summary>The memory itself; only of a contiguous tensor.</summary>
    public Span<T> AsSpan() => _contiguous
        ? new Span<T>(_data, checked((int)Count))
        : throw new InvalidOperationException("A span needs a contiguous tensor: call contiguous() first.");

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal T First()
    {
        var element = *_data;
        GC.KeepAlive(_tensor);
        return element;
    }

    private T At(long index)
    {
        var element = _data[LinearOffset(index)];
        GC.KeepAlive(_tensor);
        return element;
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1 && _shape.Length != 1)
        {
            if ((ulong)indices[0] >= (ulong)Count) throw new IndexOutOfRangeException($"The index {indices[0]} lies outside of {Count} elements.");
            return LinearOffset(indices[0]);
        }
        if (indices.Length != _shape.Length) throw new ArgumentException($"{indices.Length} indices for {_shape.Length} dimensions.");
        long offset = 0;
        for (var i = 0; i < indices.Length; i++)
        {
            if ((ulong)indices[i] >= (ulong)_shape[i]) throw new IndexOutOfRangeException($"The index {indices[i]} lies outside of dimension {i}, which has {_shape[i]} elements.");
            offset += indices[i] * _strides[i];
        }
        return offset;
    }

    private long LinearOffset(long index)
    {
        if (_contiguous) return index;
        long offset = 0;
        for (var i = _shape.Length - 1; i >= 0; i--)
        {
            offset += index % _shape[i] * _strides[i];
            index /= _shape[i];
        }
        return offset;
    }
}
