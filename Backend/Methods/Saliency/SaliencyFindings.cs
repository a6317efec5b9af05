using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Methods.Saliency;

/// <summary>What maps from a folder look like, one after the other: whether they can be saliency at all.</summary>
internal sealed class SaliencyFindings
{
    /// <summary>More maps of one level than this share are a mistake; fewer are images in which nothing is salient.</summary>
    private const double MostConstant = 0.1;

    private readonly List<string> _constant = [], _allWhite = [];
    private int _maps, _brightBorders;

    public void Add(string id, ImageBuffer map)
    {
        _maps++;
        if (map.Pixels.AsSpan().IndexOfAnyExcept(map.Pixels[0]) < 0)
            (map.Pixels[0] == 0 ? _constant : _allWhite).Add(id);
        else if (MeanOfBorder(map) > MeanOf(map))
            _brightBorders++;
    }

    /// <summary>Why the maps are not taken, a sentence each.</summary>
    /// <param name="brightBorders">Maps that are brighter at the border than within are wanted.</param>
    public IEnumerable<string> Faults(bool brightBorders)
    {
        if (_allWhite.Count > 0)
            yield return $"{_allWhite.Count} of the {_maps} maps are one level of gray throughout, and not black: {NameList.Of(_allWhite)}. With "
                + "them no pixel could be background. Make them anew, or black where nothing is salient.";
        if (_constant.Count > MostConstant * _maps)
            yield return $"{_constant.Count} of the {_maps} maps are black throughout: {NameList.Of(_constant)}. Then all is background. Give the "
                + "maps themselves, 0 to 255, not label maps of them.";
        if (!brightBorders && 2 * _brightBorders > _maps)
            yield return $"{_brightBorders} of the {_maps} maps are brighter along the border of the image than elsewhere: they look inverted. Set "
                + "inverted=true to turn them round, or brightBorders=true to take them as they are.";
    }

    /// <summary>What is told where the maps are taken; null: nothing.</summary>
    public string? Warning => _constant.Count == 0 ? null
        : $"{_constant.Count} of the {_maps} maps are black throughout: nothing is salient in {NameList.Of(_constant)}. What no class covers in "
            + "these images becomes background.";

    private static double MeanOf(ImageBuffer map) => map.Pixels.Average(level => (double)level);

    private static double MeanOfBorder(ImageBuffer map)
    {
        var (sum, count) = (0L, 0);
        for (var y = 0; y < map.Height; y++)
            for (var x = 0; x < map.Width; x += y == 0 || y == map.Height - 1 ? 1 : Math.Max(1, map.Width - 1))
                (sum, count) = (sum + map.Pixels[y * map.Width + x], count + 1);
        return (double)sum / count;
    }
}
