using Dashboard.Backend.Pretrained;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>Opens whatever model of the Models page has learnt from images and texts.</summary>
public static class TextSupervisedModels
{
    /// <exception cref="ModelException">It has no vocabulary, or another's.</exception>
    /// <exception cref="Checkpoints.CheckpointException">The checkpoint is damaged: names the key.</exception>
    public static ITextSupervisedModel Open(PretrainedModel source, Device device) => new TextSupervisedClip(LoadedClip.Open(source, device));
}
