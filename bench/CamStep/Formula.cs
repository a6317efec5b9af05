namespace Dashboard.Bench;

/// <summary>Numbers that both sides of a comparison can make for themselves: a hash of stream and index, spread over base ± amplitude.</summary>
public static class Formula
{
    public static float[] Values(uint stream, long count, double centre, double amplitude)
    {
        var values = new float[count];
        for (uint i = 0; i < count; i++)
        {
            var h = unchecked((i * 2654435761u) + (stream * 40503u) + 12345u);
            h ^= h >> 15;
            h = unchecked(h * 2246822519u);
            h ^= h >> 13;
            h = unchecked(h * 3266489917u);
            h ^= h >> 16;
            values[i] = (float)(centre + (amplitude * ((2.0 * (h >> 8) / (1 << 24)) - 1)));
        }
        return values;
    }
}
