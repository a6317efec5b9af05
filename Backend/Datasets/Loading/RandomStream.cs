namespace Dashboard.Backend.Datasets.Loading;

/// <summary>
/// Random numbers that are the same on every machine and in every version of .NET: xoshiro256** (Blackman and Vigna, 2018), seeded by SplitMix64.
/// A stream is named by a seed and keys, so that work done in parallel draws the same numbers in whatever order it is done.
/// </summary>
public sealed class RandomStream
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>The stream of a seed and of keys such as (split, index) or (epoch, position).</summary>
    public RandomStream(long seed, params ReadOnlySpan<long> keys)
    {
        var state = (ulong)seed;
        var mixed = SplitMix(ref state);
        foreach (var key in keys)
        {
            state = mixed ^ (ulong)key;
            mixed = SplitMix(ref state);
        }
        (_s0, _s1, _s2, _s3) = (SplitMix(ref state), SplitMix(ref state), SplitMix(ref state), SplitMix(ref state));
    }

    public ulong NextUInt64()
    {
        var result = ulong.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = ulong.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-24.</summary>
    public float Uniform() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [low, high).</summary>
    public float Uniform(float low, float high) => low + (high - low) * Uniform();

    /// <summary>Uniform integer in 0 .. count - 1, without bias.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public int Integer(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        // Lemire's multiplication; the few low products that would favour some values are drawn again.
        var bound = (uint)count;
        while (true)
        {
            var product = (NextUInt64() >> 32) * bound;
            if ((uint)product >= (0u - bound) % bound)
                return (int)(product >> 32);
        }
    }

    /// <summary>Uniform integer in low .. high, both included.</summary>
    public int Integer(int low, int high) => low + Integer(high - low + 1);

    public bool Chance(double probability) => (NextUInt64() >> 11) * (1.0 / (1L << 53)) < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Integer(items.Count)];

    /// <summary>
    /// Adds standard normal noise times <paramref name="deviation"/> to every value: a sum of four 16-bit uniforms, whose tails end at 3.46
    /// deviations. Enough for sensor noise, at a tenth of the cost of logarithm and sine.
    /// </summary>
    public void AddNoise(Span<float> values, float deviation)
    {
        // The sum of four uniforms of width 65536 has the variance 65536^2 / 3.
        var scale = deviation * MathF.Sqrt(3) / 65536;
        foreach (ref var value in values)
        {
            var bits = NextUInt64();
            var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48) - 2 * 65535;
            value += sum * scale;
        }
    }

    /// <summary>Puts the items into random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = Integer(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
