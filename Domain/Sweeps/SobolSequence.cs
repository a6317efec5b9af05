namespace Dashboard.Domain.Sweeps;

/// <summary>
/// Sobol's sequence: points that fill the unit cube evenly, however many are taken. Direction numbers of Joe and Kuo (2008), points in Gray code
/// order (Antonov and Saleev, 1979), each coordinate shifted by a random number of bits' exclusive or, which keeps the points as even.
/// </summary>
public sealed class SobolSequence
{
    private const int Bits = 32;

    /// <summary>Degree s, coefficients a and first numbers m of the primitive polynomials, from the second coordinate on.</summary>
    private static readonly (int Degree, uint Coefficients, uint[] First)[] Polynomials =
    [
        (1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3]), (4, 4, [1, 3, 5, 13]), (5, 2, [1, 1, 5, 5, 17]),
        (5, 4, [1, 1, 5, 5, 5]), (5, 7, [1, 1, 7, 11, 19]),
    ];

    private readonly uint[][] _directions;
    private readonly uint[] _shift;

    /// <param name="dimensions">1 to <see cref="MostDimensions"/>.</param>
    /// <param name="seed">Of the shift; null for none.</param>
    public SobolSequence(int dimensions, long? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MostDimensions);
        _directions = [.. Enumerable.Range(0, dimensions).Select(Directions)];
        var random = seed is { } given ? new Random(unchecked((int)(given ^ (given >> 32)))) : null;
        _shift = [.. Enumerable.Range(0, dimensions).Select(_ => random is null ? 0 : (uint)random.NextInt64(1L << Bits))];
    }

    public static int MostDimensions => 1 + Polynomials.Length;

    /// <param name="index">From 0.</param>
    /// <returns>A number of 0..1, 1 excluded, for each dimension.</returns>
    public double[] Point(int index)
    {
        var gray = (uint)index ^ ((uint)index >> 1);
        var point = new double[_directions.Length];
        for (var dimension = 0; dimension < point.Length; dimension++)
        {
            var bits = _shift[dimension];
            for (var bit = 0; bit < Bits; bit++)
                if ((gray >> bit & 1) == 1)
                    bits ^= _directions[dimension][bit];
            point[dimension] = bits / (double)(1L << Bits);
        }
        return point;
    }

    /// <summary>v_i = m_i / 2^i as bits; the first coordinate is van der Corput's sequence.</summary>
    private static uint[] Directions(int dimension)
    {
        var directions = new uint[Bits];
        if (dimension == 0)
        {
            for (var i = 0; i < Bits; i++)
                directions[i] = 1u << (Bits - 1 - i);
            return directions;
        }
        var (degree, coefficients, first) = Polynomials[dimension - 1];
        for (var i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                directions[i] = first[i] << (Bits - 1 - i);
                continue;
            }
            directions[i] = directions[i - degree] ^ (directions[i - degree] >> degree);
            for (var k = 1; k < degree; k++)
                directions[i] ^= (coefficients >> (degree - 1 - k) & 1) * directions[i - k];
        }
        return directions;
    }
}
