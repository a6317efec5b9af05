using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;

namespace Dashboard.Backend.Models.Vit;

/// <summary>A vision transformer as timm publishes it, such as vit_small_patch16_224 of ImageNet-21k. Its classifier is not needed.</summary>
public sealed class VitWeights : IDisposable
{
    private readonly CheckpointFile _file;
    private readonly IReadOnlyDictionary<string, TensorData> _tensors;

    private VitWeights(CheckpointFile file)
    {
        _file = file;
        _tensors = SimSegNames.OfTower(file, "image_encoder.", "patch_embed.proj.weight");
        Shape = TowerShapes.Vit(new TensorShapes(file.Path, _tensors, "vision transformer with timm's names",
            "Give the state dict of timm's vit_small_patch16_224 or vit_base_patch16_224."));
        if (Shape.Width % Shape.Heads != 0)
            throw new CheckpointException(file.Path,
                $"its width {Shape.Width} is not a multiple of the size of an attention head, which is 64 in all that timm publishes under these "
                + "names.");
        TowerShapes.RequireAll(file.Path, _tensors, SimSegTensors.Of(Shape), "a plain vision transformer");
    }

    public VitShape Shape { get; }

    /// <summary>Reads names and sizes. Needs no tensor library.</summary>
    /// <param name="path">A checkpoint, or a folder with <c>model.safetensors</c> or <c>pytorch_model.bin</c>.</param>
    /// <exception cref="CheckpointException">Damaged, or no vision transformer, or not a whole one: names the key.</exception>
    public static VitWeights Open(string path) => CheckpointFile.Open(path, file => new VitWeights(file));

    /// <summary>Overwrites every weight of a tower of <see cref="Shape"/>.</summary>
    /// <returns>A sentence that says what was loaded.</returns>
    public string LoadInto(VisionTransformer tower)
    {
        TensorFile.LoadStrict(tower.state_dict(), _tensors, _file.Path);
        return $"Initialised the vision transformer from {_file.Path} ({_file.Format}, {_tensors.Count} tensors).";
    }

    public void Dispose() => _file.Dispose();
}
