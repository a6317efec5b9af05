using Dashboard.Backend.Methods.Clims;
using Dashboard.Backend.Models.Clip;
using Dashboard.Domain.Methods.Seeds;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Golden;

/// <summary>The CLIMS losses, and what their gradient does to the maps, against one step of the authors' train_clims.py.</summary>
public static class ClimsLossesChecks
{
    [GoldenCheck("clims-losses", "tiny-clip")]
    [GoldenCheck("clims-losses", "tiny-clip-low-cosine")]
    [GoldenCheck("clims-losses", "full-vocab")]
    internal static void Batch(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        using var clip = ClipChecks.FormulaModel(golden).freeze();
        var resolution = golden.Json.GetProperty("clip_input_size").GetInt32();
        var texts = new ClimsTexts(Encode(clip, golden.Array("class_tokens")), Encode(clip, golden.Array("bg_tokens")));
        var weights = golden.Json.GetProperty("hyper").EnumerateArray().Select(weight => weight.GetDouble()).ToArray();
        var options = new ClimsOptions { OtmWeight = weights[0], BtmWeight = weights[1], CbsWeight = weights[2], RegWeight = weights[3] };
        var (values, shape) = golden.FormulaInput("images");
        var X = On(tensor(values, shape));
        var pairs = Pairs(golden);

        Crops(golden, clip, texts, resolution, X, pairs);
        foreach (var pairsAtOnce in (int[])[64, 2, 1])
        {
            var maps = new Parameter(Stored(golden, "x"));
            var loss = new ClimsLoss(Tower(clip), resolution, texts, options with { PairsAtOnce = pairsAtOnce });
            var terms = loss.backward(maps, X, pairs);

            Relative(golden.Number("L_OTM"), terms.Otm.item<float>(), golden.Tolerance("losses_rel"), "OTM");
            Relative(golden.Number("L_BTM"), terms.Btm.item<float>(), golden.Tolerance("losses_rel"), "BTM");
            Relative(golden.Number("L_CBS"), terms.Cbs.item<float>(), golden.Tolerance("losses_rel"), "CBS");
            Relative(golden.Number("L_REG"), terms.Reg.item<float>(), golden.Tolerance("losses_rel"), "REG");
            Relative(golden.Number("total"), terms.Total.item<float>(), golden.Tolerance("losses_rel"), "total");
            Close(golden, "grad_x", maps.grad!, 1e-3);

            // The first step of PolyOptimizer, whose momentum is the weight decay.
            optim.SGD([maps], 2.5e-4, momentum: 1e-4, weight_decay: 1e-4).step();
            Close(golden, "x_after_step", maps, 1e-6);
        }
    }

    [GoldenCheck("clims-losses", "unit-losses")]
    internal static void UnitLosses(GoldenCase golden)
    {
        var w = golden.Array("w").Float32;
        foreach (var (suffix, margin) in ((string, double)[])[("", 0), ("_margin0.2", 0.2)])
            foreach (var weights in (float[][])[[], w])
            {
                using var scope = NewDisposeScope();
                var loss = new ClimsLoss(images => images, 1, new ClimsTexts(zeros(w.Length, 1), zeros(0, 1)), new ClimsOptions())
                {
                    Margin = margin,
                    ClassWeights = weights.Length == 0 ? null : On(tensor(weights)),
                };
                // One class each, so that the classes' weights are the values'.
                var k = arange(w.Length, dtype: ScalarType.Int64, device: TestDevice.Current);
                var end = weights.Length == 0 ? "w1" : "w";
                Check($"SimMaxLoss{suffix}_{end}", v => loss.OTM(v, k));
                Check($"SimMinLoss{suffix}_{end}", v => loss.BTM(v, k));
            }

        void Check(string name, Func<Tensor, Tensor> perPair)
        {
            var v = Stored(golden, "v").requires_grad_();
            var value = perPair(v).mean();
            value.backward();
            Relative(golden.Number(name), value.item<float>(), golden.Tolerance("rel"), name);
            Close(golden, $"grad_{name.Replace('.', '_')}", v.grad!, golden.Tolerance("rel"));
        }
    }

    [GoldenCheck("clims-losses", "cbs-thresholds")]
    internal static void CbsThresholds(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var tiny = golden.Sibling("tiny-clip");
        using var clip = ClipChecks.FormulaModel(tiny).freeze();
        var side = clip.Shape.ImageResolution;
        foreach (var (list, tokens) in ((string, NpyArray)[])[("voc", tiny.Array("bg_tokens")), ("coco", golden.Array("coco_bg_tokens"))])
            foreach (var threshold in (string[])["0.26", "0.0", "-1.0", "0.9"])
            {
                var name = $"{list}_thr{threshold}";
                var backgrounds = Encode(clip, tokens);
                var options = new ClimsOptions { CbsThreshold = double.Parse(threshold, System.Globalization.CultureInfo.InvariantCulture) };
                var loss = new ClimsLoss(Tower(clip), side, new ClimsTexts(backgrounds, backgrounds), options);
                var images = On(tensor(GoldenFormula.Values(6100, 3L * 3 * side * side, 0, 2, 0), [3, 3, side, side])).requires_grad_();
                var cosines = Tower(clip)(images).matmul(backgrounds.t());
                var value = loss.CBS(cosines, zeros(3, dtype: ScalarType.Int64, device: TestDevice.Current)).sum();
                value.backward();
                Relative(golden.Number(name, "loss"), value.item<float>(), golden.Tolerance("losses_rel"), name);
                Relative(golden.Number(name, "grad_abs_sum"), images.grad!.abs().sum().item<float>(), 1e-3, $"{name}, gradient");
                if (name == "voc_thr0.26")
                    Close(golden, "grad_voc_0_26", images.grad!.narrow(0, 0, 1), 1e-3);
            }
    }

    /// <summary>Batches that the authors' code ends on: without a tag only REG is left, and a single pair is a batch like any other.</summary>
    [GoldenCheck("clims-losses", "edge-behaviours")]
    internal static void EdgeBehaviours(GoldenCase golden)
    {
        Assert.Equal("RuntimeError", golden.Value("run_batch_without_any_label", "raises").GetString());
        Assert.Equal("IndexError", golden.Value("run_batch_with_exactly_one_label_in_total", "raises").GetString());
        using var scope = NewDisposeScope();
        var tiny = golden.Sibling("tiny-clip");
        using var clip = ClipChecks.FormulaModel(tiny).freeze();
        var texts = new ClimsTexts(Encode(clip, tiny.Array("class_tokens")), Encode(clip, tiny.Array("bg_tokens")));
        var loss = new ClimsLoss(Tower(clip), clip.Shape.ImageResolution, texts, new ClimsOptions());
        var (values, shape) = tiny.FormulaInput("images");
        // The case's second image has no tag, its first has one.
        var (X, x) = (On(tensor(values, shape)), Stored(tiny, "x"));

        var withoutTag = new Parameter(x.narrow(0, 1, 1).clone());
        var terms = loss.backward(withoutTag, X.narrow(0, 1, 1), Tags());
        Assert.Equal((0, 0, 0), (terms.Otm.item<float>(), terms.Btm.item<float>(), terms.Cbs.item<float>()));
        GoldenAssert.Close(0.2 * terms.Reg.item<float>(), terms.Total.item<float>(), 1e-6, "total without a tag");
        GoldenAssert.Close(0.2, withoutTag.grad!.sum().item<float>(), 1e-6, "gradient without a tag");

        var oneTag = new Parameter(x.narrow(0, 0, 1).clone());
        terms = loss.backward(oneTag, X.narrow(0, 0, 1), Tags(Array.IndexOf(tiny.Array("labels").Float32, 1)));
        var (s_oo, s_bo) = (tiny.Array("cos_fg").Float32[0], tiny.Array("cos_bg").Float32[0]);
        GoldenAssert.Close(-Math.Log(s_oo), terms.Otm.item<float>(), 1e-4, "OTM of one pair");
        GoldenAssert.Close(-Math.Log(1 - s_bo), terms.Btm.item<float>(), 1e-4, "BTM of one pair");
        GoldenAssert.Close(-tiny.Array("cos_cbs").Float32[..10].Where(s_ob => s_ob > 0.26).Sum(s_ob => Math.Log(1 - s_ob)), terms.Cbs.item<float>(),
            1e-4, "CBS of one pair");
    }

    private static void Crops(GoldenCase golden, ClipModel clip, ClimsTexts texts, int resolution, Tensor X, Tensor pairs)
    {
        var (maps, x) = (Stored(golden, "x"), ClimsLoss.resize(X, resolution));
        Assert.Equal(golden.Array("pairs").Int64, pairs.cpu().data<long>().ToArray());
        var crops = ClimsLoss.crops(maps, x, pairs);
        var M = pairs.shape[0];
        if (golden.HasArray("fg_masked"))
        {
            Close(golden, "fg_masked", crops.narrow(0, 0, 1), 1e-5);
            Close(golden, "bg_masked", crops.narrow(0, M, 1), 1e-5);
        }
        else
        {
            var objects = Floats(crops.narrow(0, 0, M));
            Relative(golden.Number("fg_masked_stats", "abs_sum"), objects.Sum(value => Math.Abs((double)value)), 1e-5,
                "crops of objects, sum of absolutes");
            Relative(golden.Number("fg_masked_stats", "sum"), objects.Sum(value => (double)value), 1e-4, "crops of objects, sum");
            GoldenAssert.Close(golden.Numbers("fg_masked_stats", "first8"), [.. objects[..8].Select(value => (double)value)], 1e-5,
                "crops of objects, first values");
        }

        var (s_oo, s_bo, s_ob) = new ClimsLoss(Tower(clip), resolution, texts, new ClimsOptions()).similarities(maps, x, pairs);
        foreach (var (name, cosines) in ((string, Tensor)[])[("cos_fg", s_oo), ("cos_bg", s_bo), ("cos_cbs", s_ob)])
        {
            Assert.Equal(golden.Array(name).Shape, cosines.shape);
            GoldenAssert.Close(golden.Array(name).Float32, Floats(cosines), golden.Tolerance("cos_abs"), name);
        }
    }

    /// <summary>Of the case's tags.</summary>
    private static Tensor Pairs(GoldenCase golden) => On(ClimsLoss.present(golden.Array("labels").Float32, (int)golden.Array("labels").Shape[1]));

    /// <summary>One image with these classes.</summary>
    private static Tensor Tags(params int[] classes) => On(tensor(classes.SelectMany(k => (long[])[0, k]).ToArray(), [classes.Length, 2]));

    internal static ImageTower Tower(ClipModel clip) => images => functional.normalize(clip.encode_image(images), dim: -1);

    internal static Tensor Encode(ClipModel clip, NpyArray tokens)
    {
        using var guard = no_grad();
        return functional.normalize(clip.encode_text(On(tensor(tokens.Int64, tokens.Shape))), dim: -1);
    }

    private static Tensor Stored(GoldenCase golden, string array) => On(tensor(golden.Array(array).Float32, golden.Array(array).Shape));

    private static Tensor On(Tensor values) => values.to(TestDevice.Current);

    private static void Relative(double expected, double actual, double tolerance, string what) =>
        GoldenAssert.Close(expected, actual, tolerance * Math.Abs(expected), what);

    private static void Close(GoldenCase golden, string array, Tensor actual, double tolerance)
    {
        var reference = golden.Array(array);
        Assert.Equal(reference.Shape, actual.shape);
        GoldenAssert.CloseRelativeToMaximum(reference.Float32, Floats(actual), tolerance, array);
    }

    private static float[] Floats(Tensor values) => values.detach().cpu().contiguous().data<float>().ToArray();
}
