namespace Dashboard.Backend.Postprocess;

/// <summary>Stable least-significant-digit radix sort of keys with an item each.</summary>
internal static class RadixSort
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;

    /// <summary>Sorts both arrays by key; items of equal keys keep their order.</summary>
    /// <param name="bits">How many low bits of the keys can be set.</param>
    public static void Sort(ref long[] keys, ref int[] items, int bits)
    {
        var (otherKeys, otherItems) = (new long[keys.Length], new int[items.Length]);
        var starts = new int[Digits];
        for (var shift = 0; shift < bits; shift += DigitBits)
        {
            Array.Clear(starts);
            foreach (var key in keys)
                starts[(key >> shift) & (Digits - 1)]++;
            for (int digit = 0, start = 0; digit < Digits; digit++)
                (starts[digit], start) = (start, start + starts[digit]);
            for (var i = 0; i < keys.Length; i++)
            {
                var target = starts[(keys[i] >> shift) & (Digits - 1)]++;
                otherKeys[target] = keys[i];
                otherItems[target] = items[i];
            }

            (keys, otherKeys, items, otherItems) = (otherKeys, keys, otherItems, items);
        }
    }
}
