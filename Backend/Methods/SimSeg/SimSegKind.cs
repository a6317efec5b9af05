using Dashboard.Backend.Methods.Clip;
using Dashboard.Backend.Pretrained;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.TextImage;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>SimSeg's own model: a vision transformer and BERT.</summary>
internal sealed class SimSegKind : ITextImageKind
{
    public bool Makes(ClipTrainingOptions options) => options.Towers == TowerKind.VitBert;

    public bool Is(PretrainedModel model) => model.Kind == PretrainedModel.SimSeg;

    public IReadOnlyList<OptionFailure> Check(ClipTrainingOptions options) => SimSegTowers.Check(options);

    public ITextImageNetwork Create(ClipTrainingOptions options, IEnumerable<string> captions, Action<string> report) =>
        SimSegNetwork.Create(options, report);

    public ITextImageNetwork Continue(PretrainedModel source, ClipTrainingOptions options) => SimSegNetwork.Continue(source, options);
}
