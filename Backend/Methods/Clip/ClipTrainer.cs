using System.Globalization;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Captions;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Clip;

/// <summary>
/// A text-supervised model from images and captions: a small one from scratch, SimSeg's own from published towers, or an existing one that is trained
/// further. With global pooling it is CLIP (Radford et al., ICML 2021), with LoDA's it is SimSeg (Yi et al., CVPR 2023).
/// </summary>
/// <param name="name">"clip" or "simseg", which differ in their presets.</param>
/// <param name="kinds">What can be trained; the first that takes the options is.</param>
internal sealed class ClipTrainer(string name, IReadOnlyList<ITextImageKind> kinds) : IRunMethod
{
    public string Name => name;

    public void Execute(RunContext context)
    {
        using var training = new ClipTraining(context, kinds);
        training.Train();
        training.SaveModel();
    }

    public DryRunReport DryRun(RunContext context)
    {
        using var training = new ClipTraining(context, kinds);
        return training.MeasureStep();
    }

    public IReadOnlyList<OptionFailure> Check(MethodOptions options, string dataset, RunInventory inventory)
    {
        var training = (ClipTrainingOptions)options;
        var failures = training.InitialModel.Length == 0 ? kinds.First(kind => kind.Makes(training)).Check(training).ToList() : [];
        try
        {
            if (training is { Sentences: SentenceSource.Captions, Captions: { Length: > 0 } list })
                CaptionCorpus.Look(list, inventory.Refuse);
            else if (training.Sentences == SentenceSource.Captions && inventory.Datasets.Canonical(dataset) != CooccurrenceWorld.Kind)
                CaptionCorpus.Look(inventory.Datasets.Open(dataset, CancellationToken.None), inventory.Refuse);
        }
        catch (DatasetException error)
        {
            failures.Add(
                new("captions", error.Message.StartsWith("captions: ", StringComparison.Ordinal) ? error.Message : $"captions: {error.Message}"));
        }
        return failures;
    }
}

/// <summary>One training: options, data, model, optimiser, loss.</summary>
internal sealed class ClipTraining : IDisposable
{
    /// <summary>Below this, CLIMS gains little: the model takes the stuff for the object.</summary>
    private const double LeastDecorrelatedTop1 = 0.6;

    /// <summary>Batches are loaded ahead until they fill this much; one always is.</summary>
    private const long BytesAhead = 4L << 30;

    /// <summary>Keeps the seeds of dropout of one run apart from those of the next.</summary>
    private const long SeedsOfARun = 1L << 32;

    private readonly RunContext _context;
    private readonly ClipTrainingOptions _options;
    private readonly Device _device;
    private readonly Autocast _precision;
    private readonly ITextImageNetwork _network;
    private readonly Tensor _tokens;
    private readonly OptimizerHelper _optimizer;
    private readonly TrainingLoop _loop;
    private readonly IReadOnlyList<(int Start, int Count)> _parts;
    private readonly ClipEvaluation _evaluation;
    private readonly SimilaritySnapshots _snapshots;

    public ClipTraining(RunContext context, IReadOnlyList<ITextImageKind> kinds)
    {
        _context = context;
        _options = context.Options<ClipTrainingOptions>();
        _device = LoadedLibtorch.Device(context.Spec.Device);
        _precision = new Autocast(_options.Precision, _device);
        TensorThreads.Use(_options);

        // Data: decoding and augmentation run on the loader's own threads.
        var corpus = _options.Sentences == SentenceSource.Tags ? TagSentences.Of(context.Dataset, _options.TrainSplit)
            : _options.Captions.Length > 0 ? CaptionCorpus.Open(_options.Captions, context.Refuse)
            : CaptionCorpus.Of(context.Dataset, context.Refuse, cancellation: context.Stop);
        var normalisation = Normalisation.Of(_options.Normalisation);
        var augmentation = new ClipAugmentation(_options.ImageSize, _options.CropScale, _options.AutoAugment, _options.FlipProbability,
            _options.EraseProbability, normalisation);
        var loader = new BatchLoader(corpus.Images, classes: 0, augmentation, new BatchLoaderOptions
        {
            BatchSize = _options.BatchSize,
            Seed = context.Spec.Seed,
            Threads = _options.LoaderThreads,
            ReducedDecoding = _options.ReducedDecoding,
            Prefetch = (int)Math.Clamp(BytesAhead / (sizeof(float) * 3L * _options.BatchSize * _options.ImageSize * _options.ImageSize), 1, 4),
        });

        // Model: a new one initialised from the seed, or one that is there already, with its own vocabulary.
        random.manual_seed(context.Spec.Seed);
        _network = Network(corpus, kinds);
        _network.Module.to(_device);

        // Text: every caption's tokens [pairs, context], once.
        _tokens = _network.Tokenize(corpus.Captions).to(_device);
        context.Report(new RunLog("info", $"{corpus.Pairs.Count} pairs from {corpus.Source}, {_network.Description}."));

        // A step is one forward pass, and twice that backward; in parts, one forward pass more.
        var atOnce = _options.PairsAtOnce > 0 ? _options.PairsAtOnce : _options.BatchSize;
        _parts = [.. Enumerable.Range(0, _options.BatchSize).Chunk(atOnce).Select(part => (part[0], part.Length))];
        _evaluation = new ClipEvaluation(context.Dataset, context.Dataset.Samples(_options.EvaluationSplit), _options.ImageSize,
            _options.PromptTemplate, normalisation, _device);
        _snapshots = new SimilaritySnapshots(context, _options, _network, normalisation, _device);
        _optimizer = Optimizer();
        _loop = new TrainingLoop(context, loader, _options.Epochs, _network.Module, _optimizer, Schedule, _device,
            workPerImage: _parts.Count > 1 ? 4 : 3, workAfter: _evaluation.Work * _options.Epochs)
        {
            AfterStep = BoundTemperature,
        };
    }

    public void Train()
    {
        _network.Module.train();
        _loop.Run(Step, afterEpoch: (epoch, step) =>
        {
            _network.Module.eval();
            using (no_grad())
            using (var classes = _evaluation.ClassFeatures(_network))
            {
                Evaluate(classes, epoch, step);
                _snapshots.Take(classes, epoch, step);
            }
            _network.Module.train();
        });
    }

    private Func<long, double> Schedule(long steps) => new WarmupCosineSchedule(_optimizer, steps, _options.Warmup, _options.FinalRate).Apply;

    private IReadOnlyList<(string Name, Tensor Value)> BoundTemperature()
    {
        _network.BoundTemperature();
        return [("temperature", _network.Temperature)];
    }

    private StepLosses Step(Batch batch, long step)
    {
        var side = _options.ImageSize;
        var images = batch.ImageTensor(side, side, _device);
        var tokens = _tokens.index_select(0, tensor(batch.Positions.Select(position => (long)position).ToArray(), [batch.Count]).SendTo(_device));
        var same = InfoNce.SameTexts(tokens);

        // z_ij = cos(f_i(x_i), f_t(t_j)) / temperature, of all pairs, though they may be encoded in parts.
        Tensor? logits = null;
        var loss = CachedEmbeddings.Backward(_parts.Count, part => Features(images, tokens, _parts[part]), (image, text) =>
        {
            var z = _network.Logits(image, text);
            logits = z.detach().MoveToOuterDisposeScope();
            return InfoNce.Loss(z, same);
        }, seed: _network.HasDropout ? DropoutSeed(step) : null);
        return new(Total: null,
        [
            ("loss", loss),
            ("accuracy/image to text", InfoNce.Accuracy(logits!, same)),
            ("accuracy/text to image", InfoNce.Accuracy(logits!.t(), same)),
        ]);
    }

    /// <summary>
    /// Of a step's first part; the others have those that follow. A function of the step, so that a resumed run drops what an undisturbed one drops.
    /// </summary>
    private long DropoutSeed(long step) => unchecked(_context.Spec.Seed * SeedsOfARun + step * _parts.Count + 1);

    /// <summary>One feature of an image and one of a caption, <c>[n, D]</c> each, of length one.</summary>
    private (Tensor Image, Tensor Text) Features(Tensor images, Tensor tokens, (int Start, int Count) part) =>
        (_precision.Forward(_network.Images, images.narrow(0, part.Start, part.Count)),
            _precision.Forward(_network.Texts, tokens.narrow(0, part.Start, part.Count)));

    private void Evaluate(Tensor classes, int epoch, long step)
    {
        var scores = _evaluation.Score(_network, classes);
        var metrics = new (string Name, double? Value)[]
        {
            ("epoch/top-1/all", scores.Top1),
            ("epoch/top-1/decorrelated", scores.DecorrelatedTop1),
            ("epoch/cosine with the class/object", scores.ObjectCosine),
            ("epoch/cosine with the class/background", scores.BackgroundCosine),
        }.Where(metric => metric.Value is not null).ToDictionary(metric => metric.Name, metric => metric.Value!.Value);
        if (metrics.Count > 0)
            _context.Report(new RunMetrics(step, epoch, metrics));
        _loop.Progress.Advance("evaluation", step, _loop.Steps, epoch, _options.Epochs, _evaluation.Work, scores.Images);
        if (epoch == _options.Epochs)
            Conclude(scores);
    }

    private void Conclude(ClipScores scores)
    {
        var split = $"{_context.Dataset.Name}, {_options.EvaluationSplit}";
        if (scores.Top1 is not { } top1)
        {
            _context.Report(new RunLog("warning", $"No image of {split} has exactly one class: top-1 was not measured."));
            return;
        }
        _context.Report(
            new RunLog("info",
                string.Create(CultureInfo.InvariantCulture, $"Top-1 on the {scores.Images} images of one class ({split}): {100 * top1:F1} %.")));
        if (scores.ObjectCosine is { } ofObject && scores.BackgroundCosine is { } ofBackground)
            _context.Report(
                new RunLog(
                    "info", string.Create(CultureInfo.InvariantCulture,
                        $"Cosine with the class's text: {ofObject:F2} of the object alone, {ofBackground:F2} of the image without it.")));
        if (scores.DecorrelatedTop1 is not { } decorrelated)
            _context.Report(
                new RunLog(
                    "info", $"Top-1 on decorrelated images was not measured: "
                    + $"{(scores.Decorrelated is null ? $"{_context.Dataset.Name} has no maps of stuff" : "there are none")}."));
        else
            _context.Report(decorrelated < LeastDecorrelatedTop1
                ? new RunLog(
                    "warning",
                    string.Create(CultureInfo.InvariantCulture,
                    $"Top-1 on the {scores.Decorrelated} decorrelated images is {100 * decorrelated:F1} %, under {100 * LeastDecorrelatedTop1:F0} "
                    + $"%: the model takes the background for the object, and CLIMS will gain little from it. Train for more epochs (now "
                    + $"{_options.Epochs}), or with another seed (now {_context.Spec.Seed})."))
                : new RunLog(
                    "info", string.Create(CultureInfo.InvariantCulture,
                        $"Top-1 on the {scores.Decorrelated} decorrelated images, whose object stands on another class's background: "
                        + $"{100 * decorrelated:F1} %.")));
    }

    /// <summary><c>model/</c>: what the Models page adds, and other runs name by path.</summary>
    public void SaveModel()
    {
        var folder = _context.Folder.Model;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        WholeFolder.Write(folder, _network.Save);
        _context.Report(new RunLog("info", $"The model is in {folder}. Add it on the Models page, or give this path to a run."));
    }

    public DryRunReport MeasureStep()
    {
        _network.Module.train();
        return _loop.Measure(Step);
    }

    private ITextImageNetwork Network(CaptionCorpus corpus, IReadOnlyList<ITextImageKind> kinds)
    {
        if (_options.InitialModel.Length == 0)
            return kinds.First(kind => kind.Makes(_options)).Create(_options, corpus.Captions, loaded => _context.Report(new RunLog("info", loaded)));
        var initial = new ModelCatalog(_context.Data.Path).Find(_options.InitialModel);
        return kinds.First(kind => kind.Is(initial)).Continue(initial, _options);
    }

    /// <summary>Weight decay on matrices and kernels only, unless all decays.</summary>
    private OptimizerHelper Optimizer()
    {
        var parameters = _network.Module.parameters().Where(parameter => parameter.requires_grad).ToList();
        (IEnumerable<Parameter> Members, double WeightDecay)[] groups =
            [(parameters.Where(parameter => parameter.dim() > 1), _options.WeightDecay),
                (parameters.Where(parameter => parameter.dim() <= 1), _options.DecayAll ? _options.WeightDecay : 0)];
        var rate = _options.LearningRate;
        return _options.Optimizer == ClipOptimizer.Sgd
            ? optim.SGD(
                [.. groups.Select(group =>
                    new SGD.ParamGroup(group.Members,
                        new SGD.Options { LearningRate = rate, InitialLearningRate = rate, momentum = 0.9, weight_decay = group.WeightDecay }))],
                        rate)
            : optim.AdamW(
                [.. groups.Select(group =>
                    new AdamW.ParamGroup(group.Members,
                        new AdamW.Options { LearningRate = rate, InitialLearningRate = rate, beta1 = 0.9, beta2 = 0.98, eps = _options.AdamEpsilon,
                        weight_decay = group.WeightDecay }))], rate);
    }

    public void Dispose()
    {
        _loop.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
        _tokens.Dispose();
    }
}
