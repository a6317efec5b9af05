using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;

namespace Dashboard.Domain.Methods.TextImage;

/// <summary>
/// Options of the training of a text-supervised model from captions: CLIP, and SimSeg's LoDA. The defaults make a small one for the built-in data set
/// in minutes on a CPU.
/// </summary>
public sealed record ClipTrainingOptions : TrainingOptions
{
    [Option(
        "Start",
        "A CLIP or SimSeg to go on training, with its vocabulary: a name on the Models page, or the path of one. Empty: a new model, whose towers "
        + "are chosen below.", IsModel = true)]
    public string InitialModel { get; init; } = "";

    [Option(
        "Start",
        "small: a CLIP from scratch, with the sizes under Model. vitBert: SimSeg's own, a vision transformer and BERT from the weights named "
        + "below, whose files give their sizes.")]
    public TowerKind Towers { get; init; } = TowerKind.Small;

    [Option(
        "Start",
        "vitBert: a vision transformer as timm publishes it, .safetensors, .bin or .pth. SimSeg: vit_small_patch16_224 or vit_base_patch16_224 of "
        + "ImageNet-21k.", IsPath = true)]
    public string VisionWeights { get; init; } = "";

    [Option(
        "Start",
        "vitBert: BERT as Hugging Face publishes it: a folder with vocab.txt, config.json and model.safetensors or pytorch_model.bin, or the "
        + "weights file itself with the other two beside it. SimSeg: bert-base-uncased.", IsPath = true)]
    public string TextWeights { get; init; } = "";

    [Option("Captions", "captions: a list of images and captions. tags: sentences made from the training images' tags.", Advanced = true)]
    public SentenceSource Sentences { get; init; } = SentenceSource.Captions;

    [Option("Captions", "Split whose tags become sentences.", Advanced = true)]
    public string TrainSplit { get; init; } = "train";

    [Option("Captions", "Pairs of image and caption: a folder with captions.tsv or captions.json, or such a file. Empty: the data set's own.",
        IsPath = true)]
    public string Captions { get; init; } = "";

    [Option("Captions", "The most merges that the vocabulary learns from the captions; it stops earlier once every word is one symbol.",
        Unit = "merges", Min = 0, Max = 48894, Advanced = true)]
    public int Merges { get; init; } = 4096;

    [Option("Captions", "Tokens of a caption, start and end included. Longer captions are cut. SimSeg: 25.", Unit = "tokens", Min = 4, Max = 512,
        Advanced = true)]
    public int ContextLength { get; init; } = 24;

    [Option(
        "Alignment",
        "How patches and words become one feature: global is CLIP's class token and end of text, loda is SimSeg's maximum response selection, "
        + "average the mean that it is compared with.")]
    public PoolingKind Pooling { get; init; } = PoolingKind.Global;

    [Option("Alignment", "LoDA: number of patches that count in each channel, the largest ones.", Unit = "patches", Min = 1, Max = 1024)]
    public int ImageK { get; init; } = 5;

    [Option("Alignment", "LoDA: number of words that count in each channel, the largest ones. The authors train with 5 and evaluate with 1.",
        Unit = "words", Min = 1, Max = 512)]
    public int TextK { get; init; } = 1;

    [Option("Alignment", "Ignores the padding after a caption; the authors' training does not.", Advanced = true)]
    public bool MaskPadding { get; init; } = true;

    [Option("Model", "Side of the square images.", Unit = "px", Min = 16, Max = 512)]
    public int ImageSize { get; init; } = 64;

    [Option(
        "Model",
        "Side of the images that a SimSeg makes masks of after its training; 0 is imageSize. SimSeg: 288 after training with 224. A CLIP always "
        + "uses imageSize.", Unit = "px", Min = 0, Max = 1024, Advanced = true)]
    public int EvaluationSize { get; init; }

    [Option("Model", "Side of a patch: the stride of the convolutional stem.", Unit = "px", Min = 4, Max = 64, Advanced = true)]
    public int PatchSize { get; init; } = 8;

    [Option("Model", "Channels of the stem's first convolution.", Min = 1, Max = 1024, Advanced = true)]
    public int StemChannels { get; init; } = 48;

    [Option("Model", "Residual blocks of the stem.", Min = 0, Max = 32, Advanced = true)]
    public int StemBlocks { get; init; } = 2;

    [Option("Model", "Width of the image tower.", Min = 8, Max = 2048, Advanced = true)]
    public int VisionWidth { get; init; } = 96;

    [Option("Model", "Transformer blocks of the image tower.", Min = 0, Max = 48, Advanced = true)]
    public int VisionLayers { get; init; } = 1;

    [Option("Model", "Attention heads of the image tower.", Min = 1, Max = 64, Advanced = true)]
    public int VisionHeads { get; init; } = 4;

    [Option("Model", "Width of the text tower.", Min = 8, Max = 2048, Advanced = true)]
    public int TextWidth { get; init; } = 64;

    [Option("Model", "Transformer blocks of the text tower.", Min = 1, Max = 48, Advanced = true)]
    public int TextLayers { get; init; } = 2;

    [Option("Model", "Attention heads of the text tower.", Min = 1, Max = 64, Advanced = true)]
    public int TextHeads { get; init; } = 4;

    [Option("Model", "Size of the common space of images and texts.", Min = 2, Max = 4096, Advanced = true)]
    public int EmbeddingSize { get; init; } = 64;

    [Option("Model", "Statistics by which pixels are normalised. A method that uses the model must use the same; CLIMS's default is imageNet.",
        Advanced = true)]
    public PixelNormalisation Normalisation { get; init; } = PixelNormalisation.ImageNet;

    [Option("Optimisation", "Passes over the captions.", Unit = "epochs", Min = 1, Max = 1000)]
    public int Epochs { get; init; } = 14;

    [Option("Optimisation", "Pairs per step, each a negative of all others; the last incomplete batch of an epoch is dropped.", Unit = "pairs",
        Min = 2, Max = 4096)]
    public int BatchSize { get; init; } = 64;

    [Option("Optimisation", "adamW to train from scratch; sgd, with momentum 0.9, to fine-tune.", Advanced = true)]
    public ClipOptimizer Optimizer { get; init; } = ClipOptimizer.AdamW;

    [Option("Optimisation", "Learning rate of the optimiser.", Min = 0, MinExclusive = true, Max = 1)]
    public double LearningRate { get; init; } = 1.5e-3;

    [Option("Optimisation", "Weight decay of matrices and kernels.", Min = 0, Max = 1, Advanced = true)]
    public double WeightDecay { get; init; } = 0.05;

    [Option("Optimisation", "Gains, biases and the temperature decay too, as in SimSeg's code.", Advanced = true)]
    public bool DecayAll { get; init; }

    [Option("Optimisation", "The ε of AdamW. SimSeg: 1e-6.", Min = 0, MinExclusive = true, Max = 1, Advanced = true)]
    public double AdamEpsilon { get; init; } = 1e-8;

    [Option("Optimisation", "Share of the steps in which the learning rate rises; it then falls by half a cosine.", Min = 0, Max = 1,
        Advanced = true)]
    public double Warmup { get; init; } = 0.06;

    [Option("Optimisation", "The learning rate at the end, as a share of the full one.", Min = 0, Max = 1, Advanced = true)]
    public double FinalRate { get; init; } = 0.03;

    [Option("Optimisation", "Temperature to begin with; a model that is trained further keeps its own. SimSeg: 0.02.", Min = 0.001, Max = 1,
        Advanced = true)]
    public double Temperature { get; init; } = 0.1;

    [Option("Optimisation", "The temperature is learnt; otherwise it stays fixed.", Advanced = true)]
    public bool LearnTemperature { get; init; } = true;

    [Option(
        "Optimisation",
        "Pairs that go through the towers at once; 0 is the whole batch. A batch too large for memory is encoded in parts; the gradients are the "
        + "same, except that BatchNorm sees each part by itself.", Unit = "pairs", Min = 0, Max = 4096, Advanced = true)]
    public int PairsAtOnce { get; init; }

    [Option("Augmentation", "Probability of a horizontal flip.", Min = 0, Max = 1, Advanced = true)]
    public double FlipProbability { get; init; } = 0.5;

    [Option("Augmentation", ReducedDecodingHelp, Advanced = true, IsNewerThanKeys = true)]
    public bool ReducedDecoding { get; init; }

    [Option("Augmentation", "Smallest share of an image's area that a random resized crop keeps; 1 crops nothing. SimSeg: 0.6.", Min = 0.05, Max = 1)]
    public double CropScale { get; init; } = 1;

    [Option("Augmentation", "Applies ImageNet's AutoAugment policy to the crop, as SimSeg does.")]
    public bool AutoAugment { get; init; }

    [Option("Augmentation", "Probability that one or two rectangles are erased, much as the masks of CLIMS erase.", Min = 0, Max = 1,
        Advanced = true)]
    public double EraseProbability { get; init; } = 0.5;

    [Option("Evaluation", "Split of the data set whose images the model classifies after training.")]
    public string EvaluationSplit { get; init; } = "val";

    [Option("Evaluation", "Sentence in which a class is named; {} stands for the class.")]
    public string PromptTemplate { get; init; } = "a photo of a {}";

    [Option("Run", "Images whose similarity to the words of their classes is shown after each epoch.", Unit = "images", Min = 0, Max = 64,
        Advanced = true)]
    public int SnapshotImages { get; init; } = 8;

    public override IEnumerable<Artifact> Produces() => [new(ArtifactKind.TextImageModel)];

    public override IEnumerable<(string Option, string Split)> NamedSplits() =>
        Sentences == SentenceSource.Tags
            ? [("trainSplit", TrainSplit), ("evaluationSplit", EvaluationSplit)]
            : [("evaluationSplit", EvaluationSplit)];

    public override IEnumerable<OptionFailure> Validate()
    {
        if (Sentences == SentenceSource.Tags && InitialModel.Length == 0)
            yield return new("initialModel",
                "initialModel: sentences made from tags are too few to train a model from scratch. Choose a model to fine-tune.");
        if (InitialModel.Length == 0 && Towers == TowerKind.VitBert)
        {
            if (VisionWeights.Length == 0)
                yield return new("visionWeights",
                    "visionWeights: towers=vitBert starts from published weights. Give timm's file of a vision transformer.");
            if (TextWeights.Length == 0)
                yield return new("textWeights", "textWeights: towers=vitBert starts from published weights. Give the folder of bert-base-uncased.");
        }
        else
        {
            var reason =
                InitialModel.Length > 0 ? "the model to train further (initialModel) has its own weights" : "only towers=vitBert starts from weights";
            if (VisionWeights.Length > 0)
                yield return new("visionWeights", $"visionWeights: {reason}. Leave one of the two out.");
            if (TextWeights.Length > 0)
                yield return new("textWeights", $"textWeights: {reason}. Leave one of the two out.");
        }
        if (InitialModel.Length == 0 && Towers == TowerKind.Small)
            foreach (var failure in ValidateSmallTowers())
                yield return failure;
        if (BatchFloats > Array.MaxLength)
            yield return new(
                "batchSize",
                $"batchSize: {BatchSize} images of {ImageSize} px are more than one array holds. Give at most "
                + $"{Array.MaxLength / (3L * ImageSize * ImageSize)}.");
        if (!PromptTemplate.Contains("{}", StringComparison.Ordinal))
            yield return new("promptTemplate", $"promptTemplate: '{PromptTemplate}' has no {{}}. Put {{}} where the class belongs.");
    }

    private IEnumerable<OptionFailure> ValidateSmallTowers()
    {
        if (PatchSize % 2 != 0)
            yield return new("patchSize", $"patchSize: {PatchSize} is not even.");
        else if (ImageSize % PatchSize != 0)
            yield return new("imageSize", $"imageSize: {ImageSize} is not a multiple of patchSize, which is {PatchSize}.");
        if (VisionWidth % VisionHeads != 0)
            yield return new("visionHeads", $"visionHeads: {VisionHeads} does not divide visionWidth, which is {VisionWidth}.");
        if (TextWidth % TextHeads != 0)
            yield return new("textHeads", $"textHeads: {TextHeads} does not divide textWidth, which is {TextWidth}.");
    }

    /// <summary>Numbers in the images of a batch.</summary>
    private long BatchFloats => 3L * BatchSize * ImageSize * ImageSize;
}
