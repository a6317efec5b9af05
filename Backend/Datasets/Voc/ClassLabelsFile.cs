using System.Text;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Weights.Pickle;

namespace Dashboard.Backend.Datasets.Voc;

/// <summary>
/// <c>cls_labels.npy</c> as distributed with PSA, IRN and CLIMS, and as people make it: a 0-dimensional NumPy object array that holds a pickled dict
/// from image (the string <c>2007_000032</c>, a file name, or the integer 2007000032) to a multi-hot vector: an array of any type, or a list, with a
/// 0 or 1 for every class.
/// </summary>
internal static class ClassLabelsFile
{
    /// <summary>PSA's name, then AFA's and ToCo's.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["cls_labels.npy", "cls_labels_onehot.npy"];

    /// <summary>All of COCO (123,287 images, 80 classes) takes about 50 MiB.</summary>
    private const int MaxBytes = 64 << 20;

    /// <summary>Image identifier to 0-based classes, ascending.</summary>
    /// <exception cref="InvalidDataException">The file is something else: says what.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<int>> Read(string path, int classes)
    {
        var data = RegularFile.ReadAllBytes(path, MaxBytes, "a file of image tags");
        if (NumpyFile.Object(data) is not PickleDict entries)
            throw new InvalidDataException("it holds no dict");
        var labels = new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        foreach (var (image, vector) in entries)
        {
            var id = Id(image);
            labels[id] = Classes(id, vector, classes);
        }
        return labels;
    }

    private static string Id(object? key) => key switch
    {
        string text => ImageExtensions.Stem(text),
        byte[] text => ImageExtensions.Stem(Encoding.Latin1.GetString(text)),
        long number and >= 0 => $"{number:0000000000}".Insert(4, "_"),
        _ => throw new InvalidDataException("a key is neither a string nor an integer"),
    };

    private static IReadOnlyList<int> Classes(string id, object? value, int classes)
    {
        var vector = NumpyPickle.Numbers(value) ?? throw new InvalidDataException($"the value of {id} is neither an array nor a list of numbers");
        if (vector.Count != classes)
            throw new InvalidDataException($"its vectors have {vector.Count} classes, the data set has {classes}");
        var present = new List<int>();
        for (var k = 0; k < vector.Count; k++)
        {
            if (vector[k] is not (0 or 1))
                throw new InvalidDataException($"the vector of {id} has the value {vector[k]:0.###}, which is neither 0 nor 1");
            if (vector[k] == 1)
                present.Add(k);
        }
        return present;
    }
}
