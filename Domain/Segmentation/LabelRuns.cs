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
        if (_ends == 0)
            FindEnds();
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

    /// <summary>Compares blocks with the pixels one further on, to the first in which a run ends.</summary>
    private void FindEnds()
    {
        ref byte first = ref MemoryMarshal.GetReference(_first), second = ref MemoryMarshal.GetReference(_second);
        // In locals, which the loop keeps in registers.
        var (next, last) = (_next, _first.Length - Vector128<byte>.Count);
        for (; next < last; next += Vector128<byte>.Count)
        {
            var same = SameAsNext(ref first, (nuint)next) & SameAsNext(ref second, (nuint)next);
            if (same == Vector128<byte>.AllBitsSet)
                continue;
            (_block, _ends) = (next, (~same).ExtractMostSignificantBits());
            next += Vector128<byte>.Count;
            break;
        }
        _next = next;
    }

    private static Vector128<byte> SameAsNext(ref byte labels, nuint pixel) =>
        Vector128.Equals(Vector128.LoadUnsafe(ref labels, pixel), Vector128.LoadUnsafe(ref labels, pixel + 1));
}
