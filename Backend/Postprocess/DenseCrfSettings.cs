namespace Dashboard.Backend.Postprocess;

/// <summary>The pairwise kernels, in the order in which their messages are added, and the number of mean-field iterations.</summary>
public sealed record DenseCrfSettings(int Iterations, params IReadOnlyList<PairwiseKernel> Kernels)
{
    /// <summary>IRN's and CLIMS's <c>crf_inference_label</c>: between the CAM and the IR label.</summary>
    public static DenseCrfSettings IrnLabel { get; } = new(10, PairwiseKernel.Gaussian(3, 3), PairwiseKernel.Bilateral(50, 5, 10));

    /// <summary>The pseudo labels of CLIMS's camera-ready version: IRN's kernels, one iteration.</summary>
    public static DenseCrfSettings ClimsCameraReady { get; } = IrnLabel with { Iterations = 1 };

    /// <summary>PSA's <c>crf_inference</c> on CAM probabilities.</summary>
    public static DenseCrfSettings PsaCam { get; } = new(10, PairwiseKernel.Gaussian(3, 3), PairwiseKernel.Bilateral(80, 13, 10));

    /// <summary>DeepLabV2's test time, as deeplab-pytorch, CLIMS and NSROM run it.</summary>
    public static DenseCrfSettings DeepLab { get; } = new(10, PairwiseKernel.Gaussian(1, 3), PairwiseKernel.Bilateral(67, 3, 4));

    /// <summary>CLIP-ES's pseudo labels.</summary>
    public static DenseCrfSettings ClipEs { get; } = DeepLab;

    /// <summary>SimSeg's zero-shot masks: two labels, a class against the rest.</summary>
    public static DenseCrfSettings SimSeg { get; } = new(3, PairwiseKernel.Gaussian(3, 3), PairwiseKernel.Bilateral(40, 13, 10));

    /// <summary>Every parameter set of the published systems under the name of what it is used for.</summary>
    public static IReadOnlyDictionary<string, DenseCrfSettings> Presets { get; } = new Dictionary<string, DenseCrfSettings>
    {
        ["irn-label"] = IrnLabel,
        ["clims-camera-ready"] = ClimsCameraReady,
        ["psa-cam"] = PsaCam,
        ["deeplab"] = DeepLab,
        ["clip-es"] = ClipEs,
        ["simseg"] = SimSeg,
    };
}
