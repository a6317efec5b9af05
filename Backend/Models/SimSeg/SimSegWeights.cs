using System.Globalization;
using Dashboard.Backend.Weights;

namespace Dashboard.Backend.Models.SimSeg;

/// <summary>SimSeg models from files, the authors' and our own, and to a file.</summary>
public static class SimSegWeights
{
    internal const string VisionHeads = "vision_heads";
    internal const string TextHeads = "text_heads";
    internal const string TextDropout = "text_dropout";
    internal const string TextAttentionDropout = "text_attention_dropout";

    /// <summary>A model of the size that the file's tensors have, and which of them it took.</summary>
    /// <param name="path">The authors' simseg.vit-s.pth or simseg.vit-b.pth, or one that <see cref="Save"/> wrote.</param>
    /// <exception cref="CheckpointException">Damaged, no SimSeg, or not a whole one: names the file and the keys at fault.</exception>
    public static (SimSegModel Model, ImportReport Report) Load(string path)
    {
        using var file = CheckpointFile.Open(path);
        return Load(file);
    }

    /// <inheritdoc cref="Load(string)"/>
    /// <param name="file">For a caller that reads more of it than the model.</param>
    internal static (SimSegModel Model, ImportReport Report) Load(CheckpointFile file)
    {
        var import = SimSegImport.Of(file);
        var model = new SimSegModel(import.Shape);
        try
        {
            TensorFile.LoadStrict(model.state_dict().Where(tensor => import.Tensors.ContainsKey(tensor.Key)).ToDictionary(), import.Tensors,
                file.Path);
            return (model, import.Report);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes a safetensors file that <see cref="Load(string)"/> reads.</summary>
    /// <param name="remarks">What else the file's metadata should say.</param>
    /// <exception cref="IOException">The disk is full: what stood at <paramref name="path"/> is untouched.</exception>
    public static void Save(SimSegModel model, string path, IReadOnlyDictionary<string, string>? remarks = null) => SafetensorsFile.Write(
        path,
        TensorFile.ToData(model),
        new Dictionary<string, string>(remarks ?? new Dictionary<string, string>())
        {
            [VisionHeads] = model.Shape.Image.Heads.ToString(CultureInfo.InvariantCulture),
            [TextHeads] = model.Shape.Text.Heads.ToString(CultureInfo.InvariantCulture),
            [TextDropout] = model.Shape.Text.Dropout.ToString(CultureInfo.InvariantCulture),
            [TextAttentionDropout] = model.Shape.Text.AttentionDropout.ToString(CultureInfo.InvariantCulture),
        });
}
