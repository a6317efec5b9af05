namespace Dashboard.Tests.Golden;

/// <summary>The closed formula that fills weights and inputs of golden cases, so that they need not be stored.</summary>
public static class GoldenFormula
{
    /// <summary>Values in [base - amplitude, base + amplitude), in C order.</summary>
    /// <param name="stream">p: index of a parameter, or the number of an input.</param>
    public static float[] Values(uint stream, long count, double middle, double amplitude, uint seed)
    {
        var values = new float[count];
        var offset = unchecked(stream * 40503u + seed * 69621u + 12345u);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(middle + amplitude * (2 * Uniform(unchecked((uint)i * 2654435761u + offset)) - 1));
        return values;
    }

    private static double Uniform(uint hash)
    {
        unchecked
        {
            hash ^= hash >> 15;
            hash *= 2246822519u;
            hash ^= hash >> 13;
            hash *= 3266489917u;
            hash ^= hash >> 16;
            return (hash >> 8) / 16777216.0;
        }
    }
}
