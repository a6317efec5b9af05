using Dashboard.Backend.Pretrained;
using Dashboard.Domain.Methods.TextImage;

namespace Dashboard.Backend.Methods.Clip;

/// <summary>A small CLIP from scratch, or any CLIP that is trained further.</summary>
internal sealed class ClipKind : ITextImageKind
{
    public bool Makes(ClipTrainingOptions options) => options.Towers != TowerKind.VitBert;

    public bool Is(PretrainedModel model) => model.Kind != PretrainedModel.SimSeg;

    public ITextImageNetwork Create(ClipTrainingOptions options, IEnumerable<string> captions, Action<string> report) =>
        ClipNetwork.Create(options, captions);

    public ITextImageNetwork Continue(PretrainedModel source, ClipTrainingOptions options) => ClipNetwork.Continue(source, options);
}
