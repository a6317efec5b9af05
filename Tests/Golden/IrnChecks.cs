using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Irn;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Irn;
using Dashboard.Backend.Postprocess;
using Dashboard.Backend.Postprocess.RandomWalk;
using static TorchSharp.torch;

namespace Dashboard.Tests.Golden;

/// <summary>IRN: its labels, its network and its losses, and the labels it makes in the end.</summary>
public static class IrnChecks
{
    [GoldenCheck("irn-labels", "cam-to-ir-label")]
    internal static void IrLabel(GoldenCase golden)
    {
        var (image, maps, keys) = (ImageFile.ReadRgb(golden.File("image.png")), golden.Array("high_res").Float32, golden.Ints("keys"));
        var (foreground, background) = (golden.Double("conf_fg_thres"), golden.Double("conf_bg_thres"));
        Assert.Equal(golden.Size("size"), image.Size);

        var crf = new DenseCrf(image, DenseCrfSettings.IrnLabel, threads: 2);
        foreach (var (name, threshold) in ((string, double)[])[("fg", foreground), ("bg", background)])
        {
            var seeds = IrLabels.Seeds(image.Size, maps, keys.Length, threshold);
            GoldenAssert.Same<byte>(golden.Array($"{name}_argmax").UInt8, seeds.Labels, $"{name}_argmax");
            golden.Agree($"{name}_crf", crf.Refine(seeds, keys.Length + 1), golden.Tolerance("crf_agreement"));
        }
        golden.Agree("label", new IrLabels(foreground, background).Of(image, maps, keys, threads: 2), golden.Tolerance("label_agreement"));
    }

    [GoldenCheck("irn-labels", "sem-seg")]
    internal static void SemanticSegmentation(GoldenCase golden) =>
        Labels(golden, golden.Array("edge").Float32, golden.Relative("rw"), agreement: null);

    [GoldenCheck("irn-labels", "sem-seg-network")]
    internal static void SemanticSegmentationFromTheImage(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var image = ImageFile.ReadRgb(golden.File("image.png"));
        var maps = new IrnMaps(Net(golden), golden.Int("crop_size_irn"));
        var boundary =
            maps.Boundary(tensor(Normalisation.ImageNet.ToPlanes(image), new long[] { 3, image.Height, image.Width }).to(TestDevice.Current));
        golden.Close("edge", boundary, golden.Relative("edge"));
        Labels(golden, GoldenTensors.Floats(boundary), golden.Relative("rw"), golden.Tolerance("label_agreement"));
    }

    /// <summary>The authors' defaults, and what stops their code: few images, and images without a class.</summary>
    [GoldenCheck("irn-labels", "settings")]
    internal static void Settings(GoldenCase golden)
    {
        double Given(string name) => golden.Number("run_sample", name);
        var walk = new IrnWalk();
        Assert.Equal((Given("beta"), Given("exp_times"), Given("sem_seg_bg_thres")), (walk.Beta, walk.LogSteps, walk.BackgroundThreshold));
        Assert.Equal((Given("conf_fg_thres"), Given("conf_bg_thres")), (IrLabels.DefaultForeground, IrLabels.DefaultBackground));

        var image = new ImageBuffer(9, 7, 3, new byte[9 * 7 * 3]);
        Assert.All(new IrLabels().Of(image, [], []).Labels, label => Assert.Equal(0, label));
        Assert.All(walk.Labels([], [], new float[3 * 2], image.Size).Labels, label => Assert.Equal(0, label));
    }

    [GoldenCheck("irn-network", "edge-displacement")]
    internal static void Maps(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var (net, image, tolerance) = (Net(golden), golden.Input("img")[0], golden.RelativeTolerance());
        foreach (var (name, padTo) in ((string, int?)[])[("clims_nopad", null), ("irn_pad_to_crop_size", golden.Int("crop_size_irn"))])
        {
            var (boundary, displacement) = new IrnMaps(net, padTo).Both(image);
            golden.Close($"edge_{name}", boundary, tolerance);
            golden.Close($"dp_{name}", displacement, tolerance);
            golden.Close($"edge_{name}", new IrnMaps(net, padTo).Boundary(image), tolerance);
        }
    }

    [GoldenCheck("irn-network", "training-losses")]
    internal static void Losses(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var net = Net(golden.Sibling("edge-displacement"));
        net.train();
        var tolerance = golden.Relative("maps");
        var (boundary, displacement) = net.call(golden.Input("x"));
        golden.Close("edge_logits", boundary, tolerance);
        golden.Close("dp", displacement, tolerance);

        var index = new PathIndex(golden.Int("radius"));
        var pairs = new PairAffinity(index);
        golden.CloseFirst("affinity_first", pairs.Affinity(boundary.sigmoid()), dimension: 1, tolerance);
        golden.CloseFirst("pair_displacement_first", pairs.Displacement(displacement), dimension: 2, tolerance);

        const long classes = 21;
        var labels = golden.Tensor("label_stride4");
        var known = PairLabels.Of(labels, index, pairs.Directions, classes);
        foreach (var (name, mask) in ((string, Tensor)[])[("bg_pos", known.BackgroundPositive), ("fg_pos", known.ForegroundPositive),
            ("neg", known.Negative)])
            Assert.Equal(golden.Number("counts", name), mask.sum().item<float>());

        var terms = new IrnLoss(index.Radius).Of(boundary, displacement, labels, classes);
        foreach (var (name, term) in ((string, Tensor)[])[
            ("pos_aff", terms.Positive), ("neg_aff", terms.Negative), ("dp_fg", terms.DisplacementForeground),
            ("dp_bg", terms.DisplacementBackground), ("total", terms.Total)])
            GoldenAssert.Close(golden.Number(name), term.item<float>(), golden.Tolerance("losses_rel") * golden.Number(name), name);

        terms.Total.backward();
        foreach (var gradient in golden.Value("grads").EnumerateObject())
            TensorStatistics.CheckGradient(gradient.Value, net.get_parameter(gradient.Name)!.grad!, golden.Tolerance("grads_abs_sum_rel"),
                gradient.Name);
        Assert.Equal(golden.Value("backbone_receives_gradient").GetBoolean(), net.Backbone.parameters().Any(parameter => parameter.grad is not null));
    }

    private static void Labels(GoldenCase golden, float[] boundary, double tolerance, double? agreement)
    {
        var (maps, keys, image) = (golden.Array("cam").Float32, golden.Ints("keys"), golden.Size("size"));
        var walk = new IrnWalk
        {
            Radius = golden.Int("radius"),
            Beta = golden.Double("beta"),
            LogSteps = golden.Int("exp_times"),
            BackgroundThreshold = golden.Double("sem_seg_bg_thres"),
        };
        Assert.Equal(golden.Size("strided_size"), image.Strided(IrnWalk.Stride));
        var propagated = walk.Propagate(maps, keys.Length, boundary, image.Strided(IrnWalk.Stride));
        GoldenAssert.CloseRelativeToMaximum(golden.Array("rw").Float32, propagated, tolerance, "rw");

        var enlarged = IrnWalk.Enlarge(propagated, keys.Length, image);
        var last = from k in Enumerable.Range(0, keys.Length)
                   let rows = from y in Enumerable.Range(image.Height - 2, 2) from x in Enumerable.Range(0, image.Width) select (x, y)
                   let columns = from y in Enumerable.Range(0, image.Height) from x in Enumerable.Range(image.Width - 2, 2) select (x, y)
                   from at in rows.Concat(columns)
                   select enlarged[(k * image.Height + at.y) * image.Width + at.x];
        GoldenAssert.CloseRelativeToMaximum(golden.Array("rw_up_last2rows_last2cols").Float32, last.ToArray(), 2 * tolerance,
            "rw_up_last2rows_last2cols");
        TensorStatistics.Check(golden.Value("rw_up_normalised"), tensor(enlarged), tolerance, tolerance, tolerance, "rw_up_normalised");

        var labels = walk.Labels(maps, keys, boundary, image);
        golden.Agree("label", labels, agreement ?? 1 - golden.Number("pixels_with_near_tie(<1e-4)") / labels.Labels.Length);
    }

    /// <summary>The network in evaluation, with the formula weights that the case lists.</summary>
    private static IrNet Net(GoldenCase golden)
    {
        var net = GoldenTensors.Fill(new IrNet(ResNetShape.ResNet50), golden.Parameters(), ResNet50CamChecks.Ours);
        net.eval();
        return net;
    }
}
