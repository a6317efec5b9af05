using System.Runtime.InteropServices;
using Dashboard.Backend.Datasets.Voc;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Pickle;
using Dashboard.Backend.Weights.Pytorch;

namespace Dashboard.Backend.Exchange;

/// <summary>
/// The dictionaries in which the authors' code keeps an image's class activation maps, <c>numpy.load(path, allow_pickle=True).item()</c>. IRN and
/// CLIMS: <c>keys</c> (classes, 0-based), <c>cam</c> <c>[n, ⌈H/4⌉, ⌈W/4⌉]</c>, <c>high_res</c> <c>[n, H, W]</c>. Camera-ready CLIMS: <c>keys</c> are
/// labels, background first, beside <c>hr_cam</c> or <c>rw</c> <c>[n, H, W]</c>. PSA: class (0-based) to <c>[H, W]</c>. Maps lie in 0..1.
/// </summary>
internal static class CamDictionary
{
    /// <summary>Every class of COCO in an image of 1000x1000 pixels.</summary>
    private const int MaxBytes = 512 << 20;

    /// <summary>What rounding leaves above 1 or below 0.</summary>
    private const float Slack = 1e-3f;

    /// <summary>IRN's strided map of a <c>cam</c>.</summary>
    private const int Stride = 4;

    /// <summary>As <c>make_cam</c> writes it. The strided maps are the full ones made smaller, and normalised as IRN's are.</summary>
    public static void Write(Stream file, SoftCam cam)
    {
        NumpyFile.WriteHeader(file);
        var pickle = new PickleWriter(file, protocol: 3);
        Array(pickle, "O8", "|", [], () => pickle.List(() => pickle.Dict(() =>
        {
            var small = new ImageSize(cam.Width, cam.Height).Strided(Stride);
            pickle.Text("keys");
            Array<long>(pickle, "i8", [cam.Classes.Count], [.. cam.Classes.Select(k => (long)k)]);
            pickle.Text("cam");
            Array<float>(pickle, "f4", [cam.Classes.Count, small.Height, small.Width], Strided(cam, small));
            pickle.Text("high_res");
            Array<float>(pickle, "f4", [cam.Classes.Count, cam.Height, cam.Width], cam.Maps);
        })));
        pickle.Stop();
    }

    /// <summary>The maps at the image's size.</summary>
    /// <exception cref="InvalidDataException">
    /// The file is something else, or damaged. A phrase without a full stop, to follow the file's name.
    /// </exception>
    public static SoftCam Read(string path)
    {
        var content = RegularFile.ReadAllBytes(path, MaxBytes, "a file of soft maps");
        return NumpyFile.Object(content, TorchPickle.TensorGlobals) switch
        {
            PickleDict { Count: 0 } =>
                throw new InvalidDataException("it holds an empty dictionary, which has no size. Give it the keys of IRN: keys, cam, high_res"),
            PickleDict dict when dict.Find("keys") is { } keys => OfKeys(keys, dict),
            PickleDict dict when dict.All(entry => ClassOf(entry.Key) is not null) => OfClasses(dict),
            PickleDict dict =>
                throw new InvalidDataException(
                    $"it holds a dictionary with {string.Join(", ", dict.Take(5).Select(entry => $"'{entry.Key}'"))}, which no code of IRN, CLIMS "
                    + "or PSA writes"),
            _ => throw new InvalidDataException("it holds no dictionary of class activation maps"),
        };
    }

    private static SoftCam OfKeys(object keys, PickleDict dict)
    {
        var name = new[] { "high_res", "hr_cam", "rw" }.FirstOrDefault(name => dict.Find(name) is not null)
            ?? throw new InvalidDataException(
                $"it has none of the maps high_res, hr_cam and rw at the image's size; it has "
                + $"{string.Join(", ", dict.Select(entry => $"'{entry.Key}'"))}");
        var (values, shape) = Floats(dict.Find(name), $"'{name}'");
        if (shape is not [var count, > 0 and var height, > 0 and var width])
            throw new InvalidDataException($"'{name}' has the shape [{string.Join(", ", shape)}], [classes, height, width] is expected");
        var (classes, keyShape) = Floats(keys, "'keys'");
        if (keyShape.Count != 1)
            throw new InvalidDataException($"'keys' has the shape [{string.Join(", ", keyShape)}], a list of classes is expected");
        // Camera-ready CLIMS has labels, of which the first is the background and has no map.
        var labels = classes.Length == count + 1 && classes[0] == 0;
        if (!labels && classes.Length != count)
            throw new InvalidDataException($"it has {classes.Length} keys and {count} maps");
        return Checked(width, height, [.. classes.Skip(labels ? 1 : 0).Select(key => Class(key - (labels ? 1 : 0)))], values);
    }

    private static SoftCam OfClasses(PickleDict dict)
    {
        var maps = dict.Select(entry =>
            (Class: ClassOf(entry.Key)!.Value, Map: Floats(entry.Value, $"the map of class {entry.Key}")))
                .DistinctBy(map => map.Class)
                .OrderBy(map => map.Class)
                .ToList();
        var first = maps[0].Map.Shape;
        if (maps.FirstOrDefault(map => map.Map.Shape is not [> 0, > 0] || !map.Map.Shape.SequenceEqual(first)) is { Map.Values: not null } odd)
            throw new InvalidDataException(
                $"the map of class {odd.Class} has the shape [{string.Join(", ", odd.Map.Shape)}], [height, width] of all the same size is expected");
        var cam = Checked(first[1], first[0], [.. maps.Select(map => (int)map.Class)], [.. maps.SelectMany(map => map.Map.Values)]);
        if (cam.Classes.Count > 1 && cam.Classes[0] == 0 && AreProbabilities(cam))
            throw new InvalidDataException(
                "its maps add up to 1 in every pixel: they are the probabilities of labels that PSA's CRF writes, background included, and no "
                + "class activation maps");
        return cam;
    }

    private static bool AreProbabilities(SoftCam cam)
    {
        var pixels = cam.Width * cam.Height;
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var sum = 0f;
            for (var k = 0; k < cam.Classes.Count; k++)
                sum += cam.Maps[k * pixels + pixel];
            if (Math.Abs(sum - 1) > Slack)
                return false;
        }
        return true;
    }

    private static SoftCam Checked(long width, long height, IReadOnlyList<int> classes, float[] maps)
    {
        if (classes.Distinct().Count() != classes.Count)
            throw new InvalidDataException($"it has two maps of class {classes.GroupBy(k => k).First(same => same.Count() > 1).Key}");
        foreach (ref var value in maps.AsSpan())
        {
            if (!(value is >= -Slack and <= 1 + Slack))
                throw new InvalidDataException($"its maps have the value {value}; class activation maps lie between 0 and 1");
            value = Math.Clamp(value, 0, 1);
        }
        return new((int)width, (int)height, classes, maps);
    }

    private static long? ClassOf(object? key) => key switch
    {
        long and >= 0 and < byte.MaxValue => (long)key,
        _ => null,
    };

    private static int Class(float key) =>
        key is >= 0 and < byte.MaxValue && key == MathF.Floor(key)
            ? (int)key
            : throw new InvalidDataException($"it has the key {key}, which is no class");

    private static (float[] Values, IReadOnlyList<long> Shape) Floats(object? value, string what) => value switch
    {
        TensorData tensor => (tensor.ToFloats(), tensor.Shape),
        NumpyArray { IsFortran: true } => throw new InvalidDataException($"{what} is stored column by column; write it by numpy.ascontiguousarray"),
        NumpyArray { Shape: { } shape, Type: { } type, Content: var content } when NumpyPickle.Bytes(content) is { } bytes
            && TypeOf(type.Code) is { } element
            && TensorTypes.CountOf(shape) is { } count && count * element.Size() == bytes.Length =>
                (new TensorData(element, shape, () => bytes).ToFloats(), shape),
        IReadOnlyList<object?> list when NumpyPickle.Numbers(list) is { } numbers => ([.. numbers.Select(number => (float)number)], [numbers.Count]),
        _ => throw new InvalidDataException($"{what} is no array of numbers"),
    };

    private static TensorType? TypeOf(string code) => code switch
    {
        "f4" => TensorType.Float32,
        "f8" => TensorType.Float64,
        "f2" => TensorType.Float16,
        "i8" => TensorType.Int64,
        "i4" => TensorType.Int32,
        "i2" => TensorType.Int16,
        "i1" => TensorType.Int8,
        "u1" => TensorType.UInt8,
        _ => null,
    };

    /// <summary>numpy.ndarray with its state: version, shape, element type, whether columns come first, content.</summary>
    private static void Array(PickleWriter pickle, string type, string order, IReadOnlyList<long> shape, Action content)
    {
        pickle.Call("numpy.core.multiarray", "_reconstruct", () =>
        {
            pickle.Global("numpy", "ndarray");
            Sides([0]);
            pickle.Binary("b"u8);
        });
        pickle.State(() => pickle.Tuple(() =>
        {
            pickle.Int(1);
            Sides(shape);
            pickle.Call("numpy", "dtype", () =>
            {
                pickle.Text(type);
                pickle.Bool(false);
                pickle.Bool(true);
            });
            pickle.State(() => pickle.Tuple(() =>
            {
                pickle.Int(3);
                pickle.Text(order);
                pickle.None();
                pickle.None();
                pickle.None();
                pickle.Int(-1);
                pickle.Int(-1);
                // Objects are counted, copied and filled with None.
                pickle.Int(type.StartsWith('O') ? 63 : 0);
            }));
            pickle.Bool(false);
            content();
        }));

        void Sides(IReadOnlyList<long> sides) => pickle.Tuple(() =>
        {
            foreach (var side in sides)
                pickle.Int(side);
        });
    }

    private static void Array<T>(PickleWriter pickle, string type, IReadOnlyList<long> shape, T[] values) where T : unmanaged =>
        Array(pickle, type, "<", shape, () => pickle.Binary(MemoryMarshal.AsBytes<T>(values)));

    /// <summary>Bilinear as PyTorch's interpolate (align_corners false), divided by maximum + 1e-5.</summary>
    private static float[] Strided(SoftCam cam, ImageSize size)
    {
        var strided = new float[cam.Classes.Count * size.Width * size.Height];
        var (columns, rows) = (Positions(cam.Width, size.Width), Positions(cam.Height, size.Height));
        for (var k = 0; k < cam.Classes.Count; k++)
        {
            var map = cam.Maps.AsSpan(k * cam.Width * cam.Height, cam.Width * cam.Height);
            var to = strided.AsSpan(k * size.Width * size.Height, size.Width * size.Height);
            var largest = 0f;
            for (var i = 0; i < to.Length; i++)
            {
                var ((x, right, u), (y, below, v)) = (columns[i % size.Width], rows[i / size.Width]);
                var (top, bottom) = (y * cam.Width, below * cam.Width);
                to[i] = (1 - v) * ((1 - u) * map[top + x] + u * map[top + right]) + v * ((1 - u) * map[bottom + x] + u * map[bottom + right]);
                largest = Math.Max(largest, to[i]);
            }
            foreach (ref var value in to)
                value /= largest + 1e-5f;
        }
        return strided;
    }

    private static (int Before, int After, float Share)[] Positions(int from, int to)
    {
        var positions = new (int, int, float)[to];
        for (var i = 0; i < to; i++)
        {
            var position = Math.Max(0, (i + 0.5f) * from / to - 0.5f);
            var before = Math.Min((int)position, from - 1);
            positions[i] = (before, Math.Min(before + 1, from - 1), position - before);
        }
        return positions;
    }
}
