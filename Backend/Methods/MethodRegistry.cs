using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Methods.Clims;
using Dashboard.Backend.Methods.Clip;
using Dashboard.Backend.Methods.Crf;
using Dashboard.Backend.Methods.Import;
using Dashboard.Backend.Methods.Irn;
using Dashboard.Backend.Methods.Maps;
using Dashboard.Backend.Methods.Nsrom;
using Dashboard.Backend.Methods.Pamr;
using Dashboard.Backend.Methods.Psa;
using Dashboard.Backend.Methods.Saliency;
using Dashboard.Backend.Methods.Segment;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Methods.TextImage;

namespace Dashboard.Backend.Methods;

/// <summary>The methods a worker can execute, by name.</summary>
public static class MethodRegistry
{
    /// <summary>CLIP's training and SimSeg's make, or go on with, either.</summary>
    private static readonly IReadOnlyList<ITextImageKind> TextImageKinds = [new SimSegKind(), new ClipKind()];

    private static readonly IReadOnlyDictionary<string, Func<IRunMethod>> Known =
        new Dictionary<string, Func<IRunMethod>>(StringComparer.OrdinalIgnoreCase)
    {
        [CamMethod.Descriptor.Name] = () => new CamTrainer(),
        [ClimsMethod.Descriptor.Name] = () => new ClimsTrainer(),
        [ClipMethod.Descriptor.Name] = () => new ClipTrainer(ClipMethod.Descriptor.Name, TextImageKinds),
        [SimSegMethod.Descriptor.Name] = () => new ClipTrainer(SimSegMethod.Descriptor.Name, TextImageKinds),
        [ZeroShotMethod.Descriptor.Name] = () => new ZeroShotRun(),
        [MapsMethod.Descriptor.Name] = () => new MapsRun(),
        [CrfMethod.Descriptor.Name] = () => new CrfRun(),
        [PamrMethod.Descriptor.Name] = () => new PamrRun(),
        [IrnMethod.Descriptor.Name] = () => new IrnTrainer(),
        [PsaMethod.Descriptor.Name] = () => new PsaTrainer(),
        [SaliencyMethod.Descriptor.Name] = () => new SaliencyRun(),
        [NsromMethod.Descriptor.Name] = () => new NsromTrainer(),
        [IamMethod.Descriptor.Name] = () => new IamTrainer(),
        [PomMethod.Descriptor.Name] = () => new PomRun(),
        [NsrmMethod.Descriptor.Name] = () => new NsrmRun(),
        [SegmentMethod.Descriptor.Name] = () => new SegmentTrainer(),
        [ImportMethod.Descriptor.Name] = () => new ImportRun(),
    };

    /// <exception cref="ArgumentException">No such method.</exception>
    public static IRunMethod Create(string name) => Known.TryGetValue(name, out var create)
        ? create()
        : throw new ArgumentException($"There is no method '{name}'. Known methods: {string.Join(", ", Known.Keys)}.");
}
