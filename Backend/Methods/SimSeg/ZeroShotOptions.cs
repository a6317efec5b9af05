using Dashboard.Backend.Postprocess;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>How a map of patches becomes one of pixels.</summary>
public enum MapUpsampling
{
    /// <summary>As in the authors' code: each pixel takes its patch's value.</summary>
    Nearest,

    /// <summary>Corners not aligned.</summary>
    Bilinear,
}

/// <summary>Options of zero-shot masks. The defaults are those of the authors' code for VOC (muyangyi/SimSeg, tools/seg_evaluation.py).</summary>
public sealed record ZeroShotOptions
{
    /// <summary>Sentences of a class; {} stands for its name. Their features are averaged.</summary>
    public IReadOnlyList<string> Templates { get; init; } = PromptTemplates.ImageNet;

    /// <summary>Words for classes whose name is not the best; several words of a class are averaged.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ClassWords { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The name with which the background competes as a class; it may take a candidate's place but never makes a mask. Null: it does not compete.</summary>
    public string? Background { get; init; } = "background";

    /// <summary>Side of the square that an image is squeezed into, in pixels. Null: the model's own; SimSeg's is 288.</summary>
    public int? Resolution { get; init; }

    /// <summary>Of the best-scored classes so many make mean and standard deviation: 30 for Pascal Context. Null: the better half of the classes, as published.</summary>
    public int? TopClasses { get; init; } = 10;

    /// <summary>A class is in the image where its score reaches mean + factor · standard deviation.</summary>
    public double ThresholdFactor { get; init; } = 1;

    /// <summary>So many classes at most, the best-scored ones, are looked at; background included.</summary>
    public int Candidates { get; init; } = 5;

    public MapUpsampling Upsampling { get; init; } = MapUpsampling.Nearest;

    /// <summary>The CRF of a class against the rest. Null: none, a pixel is the class's where its map is above 0.5.</summary>
    public DenseCrfSettings? Crf { get; init; } = DenseCrfSettings.SimSeg;

    /// <summary>Side of the box that closes a mask's gaps, in pixels, odd; 1 closes none. (The authors write 5 dilations and 3 erosions; OpenCV does one each.)</summary>
    public int ClosingSize { get; init; } = 7;

    /// <exception cref="ArgumentException">An option is out of range: names it and what it must be.</exception>
    public void Require()
    {
        Check(Templates.Count > 0 && Templates.All(template => template.Contains("{}", StringComparison.Ordinal)), nameof(Templates), "at least one sentence is needed, each with {} where the class stands");
        Check(Background is null || !string.IsNullOrWhiteSpace(Background), nameof(Background), "the background's name is empty");
        Check(Resolution is null or > 0 and <= 4096, nameof(Resolution), $"{Resolution} is not 1 to 4096 pixels");
        Check(TopClasses is null or > 0, nameof(TopClasses), $"{TopClasses} is not at least 1");
        Check(double.IsFinite(ThresholdFactor), nameof(ThresholdFactor), $"{ThresholdFactor} is no finite number");
        Check(Candidates > 0, nameof(Candidates), $"{Candidates} is not at least 1");
        Check(ClosingSize > 0 && ClosingSize % 2 == 1, nameof(ClosingSize), $"{ClosingSize} is not odd and at least 1");

        static void Check(bool holds, string option, string problem)
        {
            if (!holds)
                throw new ArgumentException($"{option}: {problem}.");
        }
    }
}
