namespace Dashboard.Domain.Methods;

/// <summary>Where the texts of images come from.</summary>
public enum SentenceSource
{
    /// <summary>A list of images and captions.</summary>
    Captions,

    /// <summary>A sentence of each training image's tags, "a photo of A and B", as camera-ready CLIMS fine-tunes CLIP.</summary>
    Tags,
}

/// <summary>The optimiser of CLIP's training.</summary>
public enum ClipOptimizer
{
    AdamW,

    /// <summary>SGD with momentum 0.9.</summary>
    Sgd,
}

/// <summary>Options of the training of a small text-supervised model from captions: CLIP, and SimSeg's LoDA. The defaults make one for the built-in data set in minutes on a CPU.</summary>
public sealed record ClipTrainingOptions : MethodOptions
{
    [Option("Start", "A CLIP to go on training, with its vocabulary: a name on the Models page, or the path of one. Empty: a small one, from nothing.", IsModel = true)]
    public string InitialModel { get; init; } = "";

    [Option("Captions", "captions: a list of images and captions. tags: sentences of the training images' tags.", Advanced = true)]
    public SentenceSource Sentences { get; init; } = SentenceSource.Captions;

    [Option("Captions", "Split whose tags make sentences.", Advanced = true)]
    public string TrainSplit { get; init; } = "train";

    [Option("Captions", "Pairs of image and caption: a folder with captions.tsv or captions.json, or such a file. Empty: the data set's own.", IsPath = true)]
    public string Captions { get; init; } = "";

    [Option("Captions", "Merges of the vocabulary that is learnt from the captions, at most; it ends earlier where every word is one symbol.", Unit = "merges", Min = 0, Max = 48894, Advanced = true)]
    public int Merges { get; init; } = 4096;

    [Option("Captions", "Tokens of a caption, start and end included. What is longer is cut.", Unit = "tokens", Min = 4, Max = 512, Advanced = true)]
    public int ContextLength { get; init; } = 24;

    [Option("Alignment", "How patches and words become one feature: global is CLIP's class token and end of text, loda SimSeg's maximum response selection, average what it is compared with.")]
    public PoolingKind Pooling { get; init; } = PoolingKind.Global;

    [Option("Alignment", "LoDA: in every channel so many patches count, the largest.", Unit = "patches", Min = 1, Max = 1024)]
    public int ImageK { get; init; } = 5;

    [Option("Alignment", "LoDA: in every channel so many words count, the largest. The authors train with 5 and evaluate with 1.", Unit = "words", Min = 1, Max = 512)]
    public int TextK { get; init; } = 1;

    [Option("Alignment", "The padding behind a caption is left out; the authors train without that.", Advanced = true)]
    public bool MaskPadding { get; init; } = true;

    [Option("Model", "Side of the square images.", Unit = "px", Min = 16, Max = 512)]
    public int ImageSize { get; init; } = 64;

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

    [Option("Model", "What pixels are normalised by. A method that asks the model must use the same; CLIMS's default is imageNet.", Advanced = true)]
    public PixelNormalisation Normalisation { get; init; } = PixelNormalisation.ImageNet;

    [Option("Optimisation", "Passes over the captions.", Unit = "epochs", Min = 1, Max = 1000)]
    public int Epochs { get; init; } = 14;

    [Option("Optimisation", "Pairs per step, each a negative of all others; the last incomplete batch of an epoch is dropped.", Unit = "pairs", Min = 2, Max = 4096)]
    public int BatchSize { get; init; } = 64;

    [Option("Optimisation", "AdamW from nothing; sgd, with momentum 0.9, to fine-tune.", Advanced = true)]
    public ClipOptimizer Optimizer { get; init; } = ClipOptimizer.AdamW;

    [Option("Optimisation", "Learning rate of the optimiser.", Min = 0, MinExclusive = true, Max = 1)]
    public double LearningRate { get; init; } = 1.5e-3;

    [Option("Optimisation", "Weight decay of matrices and kernels; gains, biases and the temperature have none.", Min = 0, Max = 1, Advanced = true)]
    public double WeightDecay { get; init; } = 0.05;

    [Option("Optimisation", "Share of the steps in which the learning rate rises; it then falls by half a cosine.", Min = 0, Max = 1, Advanced = true)]
    public double Warmup { get; init; } = 0.06;

    [Option("Optimisation", "What the learning rate ends at, as a share of the full one.", Min = 0, Max = 1, Advanced = true)]
    public double FinalRate { get; init; } = 0.03;

    [Option("Optimisation", "Temperature to begin with. SimSeg: 0.02.", Min = 0.001, Max = 1, Advanced = true)]
    public double Temperature { get; init; } = 0.1;

    [Option("Optimisation", "The temperature is learnt; otherwise it stays.", Advanced = true)]
    public bool LearnTemperature { get; init; } = true;

    [Option("Optimisation", "Pairs that go through the towers at once; 0 is the whole batch. A batch larger than memory is encoded in parts, with equal gradients but for BatchNorm, which sees the parts.", Unit = "pairs", Min = 0, Max = 4096, Advanced = true)]
    public int PairsAtOnce { get; init; }

    [Option("Augmentation", "Probability of a horizontal flip.", Min = 0, Max = 1, Advanced = true)]
    public double FlipProbability { get; init; } = 0.5;

    [Option("Augmentation", "Smallest share of an image's area that a random resized crop keeps; 1 crops nothing. SimSeg: 0.6.", Min = 0.05, Max = 1)]
    public double CropScale { get; init; } = 1;

    [Option("Augmentation", "ImageNet's AutoAugment policy on what is cropped, as SimSeg trains.")]
    public bool AutoAugment { get; init; }

    [Option("Augmentation", "Probability that one or two rectangles are erased, as the masks of CLIMS erase.", Min = 0, Max = 1, Advanced = true)]
    public double EraseProbability { get; init; } = 0.5;

    [Option("Evaluation", "Split of the data set whose images the model then names.")]
    public string EvaluationSplit { get; init; } = "val";

    [Option("Evaluation", "Sentence in which a class is named; {} stands for the class.")]
    public string PromptTemplate { get; init; } = "a photo of a {}";

    [Option("Run", "Images whose similarity to the words of their classes is shown after each epoch.", Unit = "images", Min = 0, Max = 64, Advanced = true)]
    public int SnapshotImages { get; init; } = 8;

    [Option("Run", "Threads that decode and augment images.", Unit = "threads", Min = 1, Max = 64, Advanced = true)]
    public int LoaderThreads { get; init; } = 1;

    [Option("Run", "Threads of one tensor operation on the CPU; 0 is one a core. The last digits of a curve depend on it.", Unit = "threads", Min = 0, Max = 256, Advanced = true)]
    public int TensorThreads { get; init; }

    public override IEnumerable<OptionFailure> Validate()
    {
        if (Sentences == SentenceSource.Tags && InitialModel.Length == 0)
            yield return new("initialModel", "initialModel: sentences of tags are too few to learn from nothing. Choose the CLIP that is to be fine-tuned.");
        if (PatchSize % 2 != 0)
            yield return new("patchSize", $"patchSize: {PatchSize} is not even.");
        else if (ImageSize % PatchSize != 0)
            yield return new("imageSize", $"imageSize: {ImageSize} is no multiple of patchSize, which is {PatchSize}.");
        if (VisionWidth % VisionHeads != 0)
            yield return new("visionHeads", $"visionHeads: {VisionHeads} does not divide visionWidth, which is {VisionWidth}.");
        if (TextWidth % TextHeads != 0)
            yield return new("textHeads", $"textHeads: {TextHeads} does not divide textWidth, which is {TextWidth}.");
        if (!PromptTemplate.Contains("{}", StringComparison.Ordinal))
            yield return new("promptTemplate", $"promptTemplate: '{PromptTemplate}' has no {{}}, where the class is to stand.");
    }
}
