using Dashboard.Backend.Datasets.Loading;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>Smooth random fields: a lattice of uniform numbers, interpolated bilinearly.</summary>
internal static class ValueNoise
{
    /// <summary>
    /// A field <c>[size * size]</c> with values in 0..1 whose grain is <paramref name="cellY"/> by <paramref name="cellX"/> pixels.
    /// </summary>
    public static float[] Field(RandomStream random, int size, float cellY, float cellX)
    {
        var rows = (int)(size / cellY) + 3;
        var columns = (int)(size / cellX) + 3;
        var lattice = new float[rows * columns];
        foreach (ref var value in lattice.AsSpan())
            value = random.Uniform();
        var offsetY = random.Uniform();
        var offsetX = random.Uniform();

        var column = new int[size];
        var weight = new float[size];
        for (var x = 0; x < size; x++)
        {
            var position = x / cellX + offsetX;
            column[x] = (int)position;
            weight[x] = position - column[x];
        }

        var field = new float[size * size];
        var blended = new float[columns];
        for (var y = 0; y < size; y++)
        {
            var position = y / cellY + offsetY;
            var row = (int)position;
            var below = position - row;
            for (var c = 0; c < columns; c++)
                blended[c] = lattice[row * columns + c] * (1 - below) + lattice[(row + 1) * columns + c] * below;
            for (var x = 0; x < size; x++)
                field[y * size + x] = blended[column[x]] * (1 - weight[x]) + blended[column[x] + 1] * weight[x];
        }
        return field;
    }

    /// <summary>A field with square grain.</summary>
    public static float[] Field(RandomStream random, int size, float cell) => Field(random, size, cell, cell);

    /// <summary>A weighted sum of two fields.</summary>
    public static float[] Sum(float[] first, float firstWeight, float[] second, float secondWeight)
    {
        var sum = new float[first.Length];
        for (var i = 0; i < sum.Length; i++)
            sum[i] = first[i] * firstWeight + second[i] * secondWeight;
        return sum;
    }
}
