using Dashboard.Domain.Runs;

namespace Dashboard.Domain.Leaderboard;

/// <summary>The published numbers that the leaderboard shows for orientation.</summary>
public static class PublishedResults
{
    private const string Tags = "image tags";
    private const string TagsAndClip = "image tags + CLIP";
    private const string TagsAndSaliency = "image tags + saliency";
    private const string Captions = "captions";
    private const string CocoInit = "Starts from weights that were trained with COCO masks.";
    private const string FromMemory = "Widely tabulated; not checked against the paper.";

    public static IReadOnlyList<PublishedResult> All { get; } =
    [
        new("CAM (IRN)", 0.483, Tags, "IRN, CVPR 2019", Seed(0.15), "Reproductions reach 48.1 to 48.6."),
        new("CAM (weights released by CLIMS)", 0.4811, Tags, "CVI-SZU/CLIMS, issue 17", Seed(0.15)),
        new("CLIMS", 0.566, TagsAndClip, "CLIMS, CVPR 2022; repository's README", Seed(null),
            "User reproductions: 54.4 to 55.4 from a self-trained baseline."),
        new("CLIMS (improved code)", 0.586, TagsAndClip, "CVI-SZU/CLIMS, README", Seed(0.15)),
        new("CLIP-ES", 0.708, TagsAndClip, "CLIP-ES, CVPR 2023", Seed(null), "Training-free."),

        new("IRN", 0.665, Tags, "IRN, CVPR 2019", PseudoLabel(crf: false), "Reproductions reach 64.9 to 66.0."),
        new("CLIMS + RW", 0.705, TagsAndClip, "CLIMS, CVPR 2022; repository's README", PseudoLabel(crf: false)),
        new("CLIMS (improved code) + IRN", 0.741, TagsAndClip, "CVI-SZU/CLIMS, README", PseudoLabel(crf: false)),
        new("CLIP-ES + CRF", 0.75, TagsAndClip, "CLIP-ES, CVPR 2023", PseudoLabel(crf: true), "Training-free."),

        .. Network("IRN", Tags, "IRN, CVPR 2019", 0.635, 0.648, "DeepLab on ResNet-50."),
        .. Network("OAA", TagsAndSaliency, "OAA, ICCV 2019", 0.639, 0.656, FromMemory),
        .. Network("NSROM", TagsAndSaliency, "repository's README (val); test widely tabulated", 0.704, 0.702, CocoInit),
        .. Network("AdvCAM", Tags, "AdvCAM, CVPR 2021", 0.681, 0.68),
        .. Network("EDAM", TagsAndSaliency, "EDAM, CVPR 2021", 0.709, 0.706, CocoInit),
        .. Network("EPS", TagsAndSaliency, "EPS, CVPR 2021", 0.709, 0.708),
        .. Network("CLIMS", TagsAndClip, "CLIMS, CVPR 2022; repository's README", 0.693, 0.687),
        .. Network("CLIMS, COCO start", TagsAndClip, "CLIMS, CVPR 2022; repository's README", 0.704, 0.7, CocoInit),
        .. Network("CLIMS (improved code)", TagsAndClip, "CVI-SZU/CLIMS, README", 0.703, 0.706),
        .. Network("CLIMS (improved code), COCO start", TagsAndClip, "CVI-SZU/CLIMS, README", 0.714, 0.712, CocoInit),
        .. Network("CLIMS (improved code), ResNet-38", TagsAndClip, "CVI-SZU/CLIMS, README", 0.733, 0.734, "DeepLabV1 on ResNet-38."),
        .. Network("L2G", TagsAndSaliency, "L2G, CVPR 2022", 0.721, 0.717),
        .. Network("CLIP-ES", TagsAndClip, "CLIP-ES, CVPR 2023", 0.711, 0.714),
        .. Network("CLIP-ES, COCO start", TagsAndClip, "CLIP-ES, CVPR 2023", 0.738, 0.739, CocoInit),
        .. Network("WeCLIP", TagsAndClip, "WeCLIP, CVPR 2024", 0.764, 0.772),
        .. Network("ExCEL", TagsAndClip, "ExCEL, CVPR 2025", 0.784, 0.785),

        .. SimSeg("SimSeg ViT-S", 0.566, 0.258, 0.272),
        .. SimSeg("SimSeg ViT-B", 0.574, 0.262, 0.297),
    ];

    /// <param name="threshold">Null where the source does not state it.</param>
    private static Protocol Seed(double? threshold) => new()
    {
        Stage = Protocol.Stages.SeedCam,
        Dataset = "VOC 2012",
        Split = "train",
        Threshold = threshold,
        ThresholdSource = threshold is null ? Protocol.UnknownThreshold : Protocol.FixedThreshold,
        Scales = [1.0, 0.5, 1.5, 2.0],
        Flip = true,
        Tags = Protocol.TagsGiven,
        Images = 1464,
    };

    private static Protocol PseudoLabel(bool crf) => Seed(null) with { Stage = Protocol.Stages.PseudoLabel, Crf = crf };

    /// <summary>
    /// Segmentation networks on val and on the evaluation server's test split; dense CRF at test time is the field's custom and taken for granted.
    /// </summary>
    private static IEnumerable<PublishedResult> Network(string method, string supervision, string source, double val, double test,
        string? remark = null)
    {
        Protocol On(string split, int images) => new()
        {
            Stage = Protocol.Stages.SegmentationNetwork,
            Dataset = "VOC 2012",
            Split = split,
            ThresholdSource = Protocol.NoThreshold,
            Crf = true,
            Tags = Protocol.TagsUnknown,
            Images = images,
        };
        yield return new(method, val, supervision, source, On("val", 1449), remark);
        yield return new(method, test, supervision, source, On("test", 1456), remark);
    }

    private static IEnumerable<PublishedResult> SimSeg(string method, double voc, double context, double coco)
    {
        Protocol On(string dataset, int images) => new()
        {
            Stage = Protocol.Stages.ZeroShot,
            Dataset = dataset,
            Split = "val",
            ThresholdSource = Protocol.NoThreshold,
            Crf = true,
            Tags = Protocol.TagsUnknown,
            Images = images,
        };
        const string source = "SimSeg, CVPR 2023; repository's README";
        yield return new(method, voc, Captions, source, On("VOC 2012", 1449));
        yield return new(method, context, Captions, source, On("PASCAL Context 60", 5105));
        yield return new(method, coco, Captions, source, On("COCO-Object", 5000));
    }
}
