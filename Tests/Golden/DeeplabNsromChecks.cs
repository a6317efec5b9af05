using System.Text.Json;
using Dashboard.Backend.Datasets.Voc;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Segment;
using Dashboard.Backend.Models.Deeplab;
using Dashboard.Backend.Postprocess;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Datasets.Voc;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Golden;

/// <summary>NSROM's segmentation code, where it differs from deeplab-pytorch: PyTorch 1.3's scaling, active BatchNorm, label files, lists.</summary>
public static class DeeplabNsromChecks
{
    private const string After = "_after";

    /// <summary>PyTorch 1.3 scales an image to a size, PyTorch from 1.6 on by a factor, as our network does.</summary>
    [GoldenCheck("deeplab-nsrom", "msc-recomputed-scale")]
    internal static void Scaling(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (net, x, tolerance) = (Net(golden), golden.Input("x"), golden.RelativeTolerance());
        List<Tensor> all = [net.logits(x)];
        golden.Close("logits_1", all[0], tolerance);
        foreach (var scale in DeeplabChecks.Scales(golden))
        {
            var size = x.shape[2..].Select(side => (long)(side * scale)).ToArray();
            var small = functional.interpolate(x, size: size, mode: InterpolationMode.Bilinear, align_corners: false);
            all.Add(net.logits(small));
            var name = JsonSerializer.Serialize(scale).Replace('.', '_');
            golden.Close($"logits_{name}", all[^1], tolerance);
            CloseLastRow($"scaled_input_{name}_lastrow", small);
            CloseLastRow($"scaled_input_{name}_lastrow_direct", DeeplabV2.scaled(x, scale));
        }
        var merged = all.Skip(1)
            .Select(small => functional.interpolate(small, size: all[0].shape[2..], mode: InterpolationMode.Bilinear, align_corners: false))
            .Aggregate(all[0], maximum);
        golden.Close("merged", merged, tolerance);
        if (golden.HasArray("merged_direct"))
            golden.Close("merged_direct", net.call(x), tolerance);

        void CloseLastRow(string array, Tensor image)
        {
            if (golden.HasArray(array))
                golden.Close(array, image[.., .., -1], tolerance);
        }
    }

    /// <summary>trainaug_pred.train: BatchNorm uses and renews batch statistics, yet its weights and biases are in no group.</summary>
    [GoldenCheck("deeplab-nsrom", "train-steps-batch-norm-active")]
    internal static void ActiveNorm(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var net = Net(golden);
        Assert.Equal(golden.Value("optimizer_groups").EnumerateArray().Select(group => group.GetProperty("n_params").GetInt32()),
            DeeplabOptimizer.Groups(net).Select(group => group.Count));
        net.train();
        foreach (var norm in net.Backbone.modules().OfType<BatchNorm2d>())
            norm.train();
        long[] shape = [golden.Int("batch"), 3, .. golden.Ints("size")];
        var before = DeeplabTrainingSteps.Run(golden, net,
            at => tensor(golden.FormulaInput("batch j", shape, further: (uint)at), shape).to(TestDevice.Current));

        var state = net.state_dict();
        foreach (var change in golden.Value("change_of_params").EnumerateObject())
        {
            var name = DeeplabChecks.Ours(change.Name);
            var (actual, isExact) = (state[name] - before[name], change.Name.StartsWith("aspp", StringComparison.Ordinal)
                || change.Name.Contains("running", StringComparison.Ordinal));
            var largest = actual.abs().max().item<float>();
            TensorStatistics.Check(change.Value, actual, isExact ? 1e-2 : 1e-1, (isExact ? 5e-3 : 1e-1) * largest, 0, $"change of {change.Name}");
            TensorStatistics.Check(golden.Value("params_after", change.Name), state[name], 1e-3, 1e-4, 1e-3, change.Name);
        }
        DeeplabTrainingSteps.Unchanged(golden, before, state);
        foreach (var array in golden.ArrayNames.Where(name => name.Contains(After, StringComparison.Ordinal)))
        {
            // "_first64" counts along the outputs, "_first8ch" along the inputs.
            var (actual, dimension) = (state[Stored(array[..array.IndexOf(After, StringComparison.Ordinal)])],
                array.EndsWith("ch", StringComparison.Ordinal) ? 1 : 0);
            golden.Close(array, actual.narrow(dimension, 0, golden.Array(array).Shape[dimension]), 1e-3);
        }
    }

    /// <summary>trainaug_pred.test and crf: round 1's predictions of the training images, as files that gen_masked_label.py takes.</summary>
    [GoldenCheck("deeplab-nsrom", "trainaug-pred")]
    internal static void Prediction(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var image = ImageFile.ReadRgb(golden.File("image.png"));
        var inference = new DeeplabInference(Net(golden), PixelInput.Caffe, TestDevice.Current);
        golden.Close("logits", inference.Logits(image)[0], golden.Relative("logits"));
        var predicted = inference.Labels(image, DeeplabChecks.Crf(golden.Json.GetProperty("crf")), LegacyCrfGuide.Of(image), threads: 2);
        golden.Agree("prediction", predicted, golden.Tolerance("prediction_agreement"));
        GoldenAssert.Same<byte>(golden.Array("prediction").UInt8, ImageFile.ReadLabels(golden.File("prediction.png")).Labels, "prediction.png");
        var palette = golden.Value("palette_first_28_colours").EnumerateArray()
            .SelectMany(colour => colour.EnumerateArray().Select(level => level.GetByte())).ToArray();
        Assert.Equal(palette, VocPalette.Rgb.Take(palette.Length));
    }

    /// <summary>Lists that name image and label file are read as VOC's own.</summary>
    [GoldenCheck("deeplab-nsrom", "list-format")]
    internal static void Lists(GoldenCase golden)
    {
        using var folder = new TempFolder();
        var rows = golden.Value("rows").EnumerateArray().ToList();
        foreach (var name in (string[])["JPEGImages", "SegmentationClassAug", "ImageSets/Segmentation"])
            Directory.CreateDirectory(folder.File("VOC2012", name));
        foreach (var id in rows.Select(row => row.GetProperty("image_id").GetString()!))
        {
            ImageFile.WriteJpeg(folder.File("VOC2012", "JPEGImages", id + ".jpg"), new(4, 3, 3, new byte[36]));
            ImageFile.WriteLabels(folder.File("VOC2012", "SegmentationClassAug", id + ".png"), new(4, 3, new byte[12]));
            folder.Write($"VOC2012/Annotations/{id}.xml", SmallVoc.Annotation("cat"));
        }
        File.WriteAllLines(folder.File("VOC2012", "ImageSets/Segmentation/train_aug.txt"), rows.Select(row => row.GetProperty("line").GetString()!));

        var samples = VocFolder.Open(folder.File("VOC2012")).Samples("train_aug");
        foreach (var (row, sample) in rows.Zip(samples))
        {
            Assert.Equal(row.GetProperty("image_id").GetString(), sample.Id);
            Assert.EndsWith(row.GetProperty("image_path").GetString()!["ROOT/".Length..], sample.ImagePath, StringComparison.Ordinal);
            Assert.EndsWith(row.GetProperty("label_path").GetString()!["ROOT/".Length..], sample.MaskPath!, StringComparison.Ordinal);
        }
        Assert.Equal(rows.Count, samples.Count);
    }

    [GoldenCheck("deeplab-nsrom", "settings")]
    internal static void Settings(GoldenCase golden)
    {
        var options = (SegmentOptions)SegmentMethod.Descriptor.Presets.Single(preset => preset.Name == "coco").Options;
        double Given(params string[] path) => golden.Number(["config", .. path]);
        Assert.Equal(
            (Given("SOLVER", "BATCH_SIZE", "TRAIN"), Given("SOLVER", "ITER_SIZE"), Given("SOLVER", "ITER_MAX"), Given("SOLVER", "LR_DECAY"),
                Given("SOLVER", "LR"), Given("SOLVER", "WEIGHT_DECAY"), Given("IMAGE", "SIZE", "TRAIN")),
            (options.BatchSize, options.Accumulation, options.Iterations, options.DecayEvery, options.LearningRate, options.WeightDecay,
                options.CropSize));
        Assert.Equal(golden.Numbers("config", "DATASET", "SCALES"), options.CropScales);
        Assert.Equal(golden.Numbers("config", "MODEL", "ATROUS_RATES"), options.AtrousRates.Select(rate => (double)rate));
        Assert.True(options.Crf);
    }

    /// <summary>The name in our network of what arrays call "stem_running_mean", "layer5_increase_running_var", "aspp_c0_bias".</summary>
    private static string Stored(string array) => array.Split('_', 2) switch
    {
        ["stem", var statistic] => $"backbone.layer1.conv1.bn.{statistic}",
        ["aspp", var parameter] => $"aspp.{parameter.Replace('_', '.')}",
        [var layer, var rest] when rest.Split('_', 2) is [var convolution, var statistic] => $"backbone.{layer}.block1.{convolution}.bn.{statistic}",
        _ => throw new InvalidDataException($"No parameter is known by the name {array}."),
    };

    private static DeeplabV2 Net(GoldenCase golden) => DeeplabChecks.Net(golden);
}
