using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dashboard.Domain.Segmentation;

/// <summary>
/// Where the runs of equal labels end: label maps are made of long runs, and vector instructions find their ends many pixels at a time. Of two maps, a
/// run ends where the label of either changes. The last one ends with the map.
/// </summary>
public ref struct LabelRuns
{
    private readonly ReadOnlySpan<byte> _first, _second;
    private int _next;
    private int _block;
    private uint _ends;

    /// <param name="first">Labels, row by row.</param>
    /// <param name="second">As many labels.</param>
    public LabelRuns(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length);
        _first = first;
        _second = second;
    }

    /// <summary>The index of the pixel after a run's last one.</summary>
    public int Current { get; private set; }

    public static LabelRuns Of(ReadOnlySpan<byte> labels) => new(labels, labels);

    public readonly LabelRuns GetEnumerator() => this;

    public bool MoveNext()
    {
        // A block is compared with the pixels one further on.
        for (; _ends == 0 && _next + Vector128<byte>.Count < _first.Length; _next += Vector128<byte>.Count)
            (_block, _ends) = (_next, (~(SameAsNext(_first) & SameAsNext(_second))).ExtractMostSignificantBits());
        if (_ends != 0)
        {
            Current = _block + BitOperations.TrailingZeroCount(_ends) + 1;
            _ends &= _ends - 1;
            return true;
        }
        if (_next >= _first.Length)
            return false;
        do
            _next++;
        while (_next < _first.Length && _first[_next] == _first[_next - 1] && _second[_next] == _second[_next - 1]);
        Current = _next;
        return true;
    }

    private readonly Vector128<byte> SameAsNext(ReadOnlySpan<byte> labels)
    {
        ref var start = ref MemoryMarshal.GetReference(labels);
        return Vector128.Equals(Vector128.LoadUnsafe(ref start, (nuint)_next), Vector128.LoadUnsafe(ref start, (nuint)_next + 1));
    }
}
