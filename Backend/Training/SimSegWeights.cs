using System.Globalization;
using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Models.SimSeg;

namespace Dashboard.Backend.Training;

/// <summary>SimSeg models from files, the authors' and our own, and to a file.</summary>
public static class SimSegWeights
{
    private const string VisionHeads = "vision_heads";
    private const string TextHeads = "text_heads";

    /// <summary>What a file may lack: the authors' code can also train with a constant temperature, and masks need none.</summary>
    private const string Temperature = "temperature";

    /// <summary>A model of the size that the file's tensors have, and which of them it took.</summary>
    /// <param name="path">The authors' simseg.vit-s.pth or simseg.vit-b.pth, or one that <see cref="Save"/> wrote.</param>
    /// <exception cref="CheckpointException">Damaged, no SimSeg, or not a whole one: names the file and the keys at fault.</exception>
    public static (SimSegModel Model, ImportReport Report) Load(string path)
    {
        using var file = CheckpointFile.Open(path);
        var named = file.Tensors.Select(tensor => (tensor.Key, Name: SimSegNames.Rename(tensor.Key), Data: tensor.Value)).ToList();
        var tensors = new Dictionary<string, TensorData>();
        foreach (var (key, name, data) in named)
            if (name is not null && !tensors.TryAdd(name, data))
                throw new CheckpointException(path, $"'{key}' is a second '{name}'.");

        var shape = WithHeads(SimSegShapeReader.Read(path, tensors), file);
        var model = new SimSegModel(shape);
        try
        {
            var target = model.state_dict();
            string[] missing = [.. target.Keys.Except(tensors.Keys)];
            string[] unexpected = [.. named.Where(tensor => tensor.Name is not null && !target.ContainsKey(tensor.Name)).Select(tensor => tensor.Key)];
            var report = new ImportReport(path, target.Count - missing.Length, missing, unexpected, [.. named.Where(tensor => tensor.Name is null).Select(tensor => tensor.Key)]);
            if (missing.Any(name => name != Temperature))
                throw new CheckpointException(path, $"it holds no whole SimSeg. {report}");
            var found = target.Where(tensor => tensors.ContainsKey(tensor.Key)).ToDictionary();
            TensorFile.LoadStrict(found, tensors.Where(tensor => found.ContainsKey(tensor.Key)).ToDictionary(), path);
            return (model, report);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes a safetensors file that <see cref="Load"/> reads.</summary>
    /// <param name="remarks">What else the file's metadata shall say.</param>
    /// <exception cref="IOException">The disk is full: what stood at <paramref name="path"/> is untouched.</exception>
    public static void Save(SimSegModel model, string path, IReadOnlyDictionary<string, string>? remarks = null) => SafetensorsFile.Write(
        path,
        model.state_dict().ToDictionary(entry => entry.Key, entry => TensorFile.ToData(entry.Value)),
        new Dictionary<string, string>(remarks ?? new Dictionary<string, string>())
        {
            [VisionHeads] = model.Shape.Image.Heads.ToString(CultureInfo.InvariantCulture),
            [TextHeads] = model.Shape.Text.Heads.ToString(CultureInfo.InvariantCulture),
        });

    /// <summary>What shapes do not tell; the authors' files do not either, and have the published heads.</summary>
    private static SimSegShape WithHeads(SimSegShape shape, CheckpointFile file)
    {
        var (vision, text) = (Heads(VisionHeads) ?? shape.Image.Heads, Heads(TextHeads) ?? shape.Text.Heads);
        return shape.Image.Width % vision == 0 && shape.Text.Width % text == 0
            ? shape with { Image = shape.Image with { Heads = vision }, Text = shape.Text with { Heads = text } }
            : throw new CheckpointException(file.Path, $"{vision} and {text} attention heads do not divide the widths {shape.Image.Width} and {shape.Text.Width}.");

        int? Heads(string key) => file.Metadata.TryGetValue(key, out var number) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var heads) && heads > 0 ? heads : null;
    }
}
