namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// Online attention accumulation (OA-CAM; NSROM, section 3.2; scripts/train.py): the largest value that training has ever shown at each position of
/// an image's class map. Held in memory, a byte a position, as the authors' PNG files hold it, and no more maps than the images have tags: 17 MB for
/// VOC's 10,582 images.
/// </summary>
/// <param name="gate">A class counts as recognised from this probability on.</param>
public sealed class OnlineAccumulation(double gate = 0.1)
{
    private readonly Dictionary<(string Image, int Class), AccumulatedMap> _maps = [];

    /// <summary>The accumulated map of a class of an image, 0..255; null where the class was never recognised.</summary>
    public AccumulatedMap? Find(string image, int k) => _maps.GetValueOrDefault((image, k));

    /// <summary>Images and classes in a fixed order, so that what is written of them is the same every time.</summary>
    public IEnumerable<(string Image, int Class, AccumulatedMap Map)> All =>
        _maps.OrderBy(map => map.Key.Image, StringComparer.Ordinal)
            .ThenBy(map => map.Key.Class)
            .Select(map => (map.Key.Image, map.Key.Class, map.Value));

    /// <summary>Forgets everything.</summary>
    public void Clear() => _maps.Clear();

    /// <summary>Puts back what was stored.</summary>
    public void Restore(string image, int k, AccumulatedMap map) => _maps[(image, k)] = map;

    /// <summary>Takes in what the network shows of a class that the image has.</summary>
    /// <param name="k">The class, 0-based.</param>
    /// <param name="map">Raw, <c>[height, width]</c>.</param>
    /// <param name="epoch">0-based. The first one does not count; the last one fills in what was never recognised.</param>
    /// <param name="epochs">Of the whole training.</param>
    public void Add(string image, int k, ReadOnlySpan<float> map, int width, int height, int epoch, int epochs)
    {
        if (epoch == 0)
            return;
        var known = Find(image, k);
        var recognised = 1 / (1 + Math.Exp(-Mean(map))) >= gate;
        if (!recognised && !(epoch == epochs - 1 && known is null))
            return;
        var largest = 0f;
        foreach (var value in map)
            largest = Math.Max(largest, value);
        var accumulated = new byte[map.Length];
        for (var i = 0; i < map.Length; i++)
        {
            var shown = Math.Max(map[i], 0) / (largest + 1e-8f) * 255;
            accumulated[i] = (byte)Math.Clamp(Math.Round(known is null ? shown : Math.Max(shown, known.Values[i])), 0, 255);
        }
        _maps[(image, k)] = new(width, height, accumulated);
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }
}

/// <summary>An attention map in 8 bits.</summary>
/// <param name="Values"><c>[Height, Width]</c>, 0..255.</param>
public sealed record AccumulatedMap(int Width, int Height, byte[] Values);
