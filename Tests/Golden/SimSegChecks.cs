using System.Globalization;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Postprocess;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Segmentation;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Golden;

/// <summary>
/// LoDA's pooling, its loss, and the masks made of what it learns, against the authors' code. (The position embedding is in
/// <see cref="ClipChecks"/>.)
/// </summary>
public static class SimSegChecks
{
    [GoldenCheck("simseg", "pooling")]
    internal static void Pooling(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var tolerance = golden.Tolerance("abs");
        var mask = On(tensor(golden.Array("attention_mask").Int64, golden.Array("attention_mask").Shape));
        var arrays = golden.Json.GetProperty("arrays").EnumerateObject().Select(array => array.Name).ToList();
        // The case names its arrays after k: topk3, topk3_masked.
        var counts = arrays.Where(name =>
            name.StartsWith("topk", StringComparison.Ordinal) && name.EndsWith("_grad", StringComparison.Ordinal)).Select(name =>
                CountOf(name)).ToList();
        Assert.NotEmpty(counts);
        foreach (var k in counts)
        {
            var x = Stored(golden, "x").requires_grad_();
            var pooled = TokenPooling.MaximumResponse(x, k);
            Close(golden, $"topk{k}", pooled, tolerance);
            (pooled * On(tensor(GoldenFormula.Values(3, pooled.NumberOfElements, 0, 1, 0), pooled.shape))).sum().backward();
            Close(golden, $"topk{k}_grad", x.grad!, tolerance);
            Close(golden, $"topk{k}_masked", TokenPooling.MaximumResponse(x, k, mask), tolerance);
            // The authors' code writes the padding into its input, ours does not.
            Close(golden, "x", x, 0);
        }

        Close(golden, "x_after_masked_call", Stored(golden, "x").masked_fill(mask.eq(0).unsqueeze(-1), -10000), 0);
        Close(golden, "avg", TokenPooling.Average(Stored(golden, "x")), tolerance);
        Close(golden, "avg_masked", TokenPooling.Average(Stored(golden, "x"), mask), tolerance);
        Close(golden, "l2_out", TokenPooling.L2Norm(Stored(golden, "l2_in")), tolerance);

        var empty = mask.clone();
        empty[0] = tensor(0L);
        foreach (var name in arrays.Where(name => name.EndsWith("_with_an_all_masked_row", StringComparison.Ordinal)))
            Close(golden, name, TokenPooling.MaximumResponse(Stored(golden, "x"), CountOf(name), empty), tolerance);

        static int CountOf(string array) =>
            int.Parse(array["topk".Length..array.IndexOf('_', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }

    [GoldenCheck("simseg", "complex-projection")]
    internal static void Projection(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var (embedding, width) = (golden.Array("projection_weight").Shape[0], golden.Array("projection_weight").Shape[1]);
        using var projection = new ComplexProjection((int)width, (int)embedding);
        using (no_grad())
            foreach (var (name, parameter) in projection.named_parameters())
                parameter.copy_(Stored(golden, name.Replace('.', '_')));
        projection.eval();
        projection.to(TestDevice.Current);
        Close(golden, "out", projection.call(Stored(golden, "x")), golden.Tolerance("abs"));
    }

    [GoldenCheck("simseg", "nce-loss")]
    internal static void NceLoss(GoldenCase golden)
    {
        foreach (var name in golden.Json.GetProperty("values")
            .EnumerateObject()
            .Select(value => value.Name)
            .Where(name => name.Contains("_t", StringComparison.Ordinal)))
        {
            using var scope = NewDisposeScope();
            // Such as local_t0.07_ignore or global_smoothing0.1_t0.05.
            var parts = name.Split('_');
            double Given(string part) =>
                parts.Where(given => given.StartsWith(part, StringComparison.Ordinal))
                    .Select(given => double.Parse(given[part.Length..], CultureInfo.InvariantCulture))
                    .FirstOrDefault();
            var (local, smoothing, given) = (parts[0] == "local", Given("smoothing"), Given("t"));
            var ignored = parts[^1] == "ignore" ? Stored(golden, "ignore_mask") : On(zeros(golden.Array("feat1").Shape[0]));
            var (images, texts, temperature) =
                (Stored(golden, "feat1").requires_grad_(), Stored(golden, "feat2").requires_grad_(), On(tensor((float)given)).requires_grad_());
            var bounded = InfoNce.Bounded(temperature);
            var loss = local ? IgnoringNce.Local(images, texts, bounded, ignored, smoothing) : IgnoringNce.Direction(images, texts, bounded, ignored,
                smoothing);
            loss.backward();

            if (smoothing > 0)
            {
                // Where the authors' code ends on a missing attribute, ours has the loss that its other branch shows.
                if (!local)
                    Relative(golden.Number(name), loss, golden, name);
                continue;
            }

            Relative(golden.Number(name, "loss"), loss, golden, name);
            Relative(golden.Number(name, "dtemperature"), temperature.grad!, golden, $"{name}, gradient of the temperature");
            var logits = IgnoringNce.Logits(images, texts, bounded, ignored);
            foreach (var (accuracy, z) in golden.Numbers(name, "acc").Zip<double, Tensor>([logits, logits.t()]))
                GoldenAssert.Close(accuracy, IgnoringNce.Accuracy(z, ignored).item<float>(), 1e-6, $"{name}, accuracy");
            if (local && parts[^1] != "ignore")
                Relative(golden.Number(name, "loss"), InfoNce.Loss(InfoNce.Logits(images, texts, bounded)), golden, $"{name}, without a mask");
            var suffix = name.Replace('.', '_');
            if (golden.HasArray($"grad1_{suffix}"))
            {
                Gradient($"grad1_{suffix}", images.grad!);
                Gradient($"grad2_{suffix}", texts.grad!);
            }
        }

        void Gradient(string array, Tensor actual) =>
            GoldenAssert.CloseRelativeToMaximum(golden.Array(array).Float32, Floats(actual), golden.Tolerance("rel"), array);
    }

    [GoldenCheck("simseg", "zero-shot-eval-crf")]
    [GoldenCheck("simseg", "zero-shot-eval-nocrf")]
    internal static void ZeroShot(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        int Given(string name) => golden.Json.GetProperty(name).GetInt32();
        var options = new ZeroShotOptions
        {
            Templates = TemplateSet.Own,
            OwnTemplates = [.. Enumerable.Range(0, Given("n_templates")).Select(template => $"{template} {{}}")],
            TopClasses = Given("top_cls_num"),
            Candidates = Given("candidate_class_num"),
            Crf = golden.Json.GetProperty("crf").GetBoolean(),
        };
        var (scores, iou) = (golden.Tolerance("scores_abs"), golden.Tolerance("iou_abs"));
        using var model = new StoredFeatures(golden);
        var names = Enumerable.Range(1, (int)golden.Array("label_text_feature").Shape[0] - 1).Select(k => $"class {k}").ToArray();
        using var classes = ClassTexts.Encode(model, names, options);
        Close(golden, "label_text_feature", classes.Features, scores);

        var segmenter = new ZeroShotSegmenter(model, classes, options);
        var (confusion, step) = (new ConfusionMatrix(names.Length + 1), 0);
        for (var image = 0; golden.HasArray($"image{image}"); image++)
        {
            var (seen, truth) = (Image(golden, $"image{image}"), Labels(golden, $"label{image}"));
            var features = model.Features(image);
            Close(golden, $"pooled{image}", features.Image[0], scores);
            var result = segmenter.Segment(features, seen, new(truth.Width, truth.Height));

            GoldenAssert.Close(golden.Array($"scores{image}").Float32, [.. result.Scores], scores, $"scores of image {image}");
            Assert.Equal(golden.Array($"topk_index{image}").Int64, result.Selection.Ranking.Take(result.Selection.TopCount).Select(row => (long)row));
            GoldenAssert.Close(golden.Number($"threshold{image}"), result.Selection.Threshold, scores, $"threshold of image {image}");
            Assert.Equal((int)golden.Numbers("selected_per_image(score>=threshold)")[image],
                result.Selection.Ranking.Count(row => result.Scores[row] >= result.Selection.Threshold));

            // The case keeps the first responses only.
            foreach (var response in result.Responses.Where(_ => golden.HasArray($"step{step}_mask")))
            {
                var map = golden.Array($"step{step}_norm_attn").Float32;
                GoldenAssert.Close(map, Corners(response.Map, seen.Width, result.GridWidth), scores, $"map of step {step}");
                Agree(golden.Array($"step{step}_mask").UInt8, response.Raw, golden, $"mask of step {step}");
                Agree(golden.Array($"step{step}_dilated_eroded").UInt8, response.Mask, golden, $"closed mask of step {step}");
                step++;
            }

            Agree(golden.Array($"pred{image}").UInt8, result.Labels.Labels, golden, $"labels of image {image}");
            confusion.Add(truth, result.Labels);
        }

        Assert.True(step > 0);
        GoldenAssert.Close(golden.Number("final_mean_iou"), confusion.MeanIou, iou, "mean IoU");
        GoldenAssert.Close(golden.Array("class_iou").AsDouble(), [.. confusion.PerClassIou.Select(value => value ?? -1)], iou, "IoU");
    }

    [GoldenCheck("simseg", "morphology")]
    internal static void MorphologyAndResize(GoldenCase golden)
    {
        var map = Labels(golden, "mask");
        var (width, height) = (map.Width, map.Height);
        var dilated = Morphology.Dilate(map.Labels, width, height, 7);
        GoldenAssert.Same<byte>(golden.Array("dilated").UInt8, dilated, "dilated");
        GoldenAssert.Same<byte>(golden.Array("eroded").UInt8, Morphology.Erode(dilated, width, height, 7), "eroded");
        GoldenAssert.Same<byte>(golden.Array("eroded").UInt8, Morphology.Close(map.Labels, width, height, 7), "closed");
        // Five dilations with a box of 7 are one with a box of 31.
        GoldenAssert.Same<byte>(golden.Array("dilated_if_5_iterations").UInt8, Morphology.Dilate(map.Labels, width, height, 31),
            "dilated five times");

        var resized = Labels(golden, "nearest_resize_33x71");
        GoldenAssert.Same<byte>(resized.Labels, LabelResize.Nearest(Labels(golden, "eroded"), new(resized.Width, resized.Height)).Labels, "resized");
    }

    /// <summary>The upper left pixel of every patch.</summary>
    private static float[] Corners(float[] map, int side, int patches) =>
        [.. from y in Enumerable.Range(0, patches) from x in Enumerable.Range(0, patches) select map[(y * side + x) * (side / patches)]];

    private static void Agree(byte[] expected, byte[] actual, GoldenCase golden, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        // Masks are 0 and 255 there, 0 and 1 here.
        var binary = what.Contains("mask", StringComparison.Ordinal);
        var agreement = expected.Zip(actual).Count(pair =>
            binary ? pair.First != 0 == (pair.Second != 0) : pair.First == pair.Second) / (double)expected.Length;
        Assert.True(agreement >= golden.Tolerance("pred_agreement"),
            $"{what}: {agreement:P2} of the pixels agree, {golden.Tolerance("pred_agreement"):P2} needed.");
    }

    private static ImageBuffer Image(GoldenCase golden, string name) =>
        new((int)golden.Array(name).Shape[1], (int)golden.Array(name).Shape[0], 3, golden.Array(name).UInt8);

    private static LabelMap Labels(GoldenCase golden, string name) =>
        new((int)golden.Array(name).Shape[1], (int)golden.Array(name).Shape[0], golden.Array(name).UInt8);

    private static Tensor Stored(GoldenCase golden, string array) => On(tensor(golden.Array(array).Float32, golden.Array(array).Shape));

    private static Tensor On(Tensor values) => values.to(TestDevice.Current);

    private static float[] Floats(Tensor values) => values.detach().cpu().contiguous().data<float>().ToArray();

    private static void Close(GoldenCase golden, string array, Tensor actual, double tolerance)
    {
        Assert.Equal(golden.Array(array).Shape, actual.shape);
        GoldenAssert.Close(golden.Array(array).Float32, Floats(actual), tolerance, array);
    }

    private static void Relative(double expected, Tensor actual, GoldenCase golden, string what) =>
        GoldenAssert.Close(expected, actual.item<float>(), golden.Tolerance("rel") * Math.Abs(expected), what);

    /// <summary>The towers' outputs as the case has them, with its projections and the authors' pooling.</summary>
    private sealed class StoredFeatures(GoldenCase golden) : ITextSupervisedModel
    {
        private int _classes;

        public int Resolution => golden.Json.GetProperty("num_patch").GetInt32() * golden.Json.GetProperty("patch_size").GetInt32();
        public Normalisation Normalisation => Normalisation.ImageNet;
        public Device Device => TestDevice.Current;
        public PatchAttention Attention => throw new NotSupportedException();
        public int? LongestText => null;

        public int Tokens(string text) => throw new NotSupportedException();

        public ImageFeatures Features(int image)
        {
            var tokens = functional.linear(Stored(golden, $"image_feature{image}"), Stored(golden, "image_projection_weight"));
            var side = golden.Json.GetProperty("num_patch").GetInt32();
            var pooled = TokenPooling.MaximumResponse(tokens, golden.Json.GetProperty("image_k").GetInt32());
            return new(TokenPooling.L2Norm(pooled), functional.normalize(tokens, dim: -1).transpose(1, 2).unflatten(2, side, side));
        }

        public ImageFeatures Images(Tensor images) => throw new NotSupportedException();

        public Tensor Texts(IReadOnlyList<string> texts)
        {
            // A class's sentences at a time.
            var (k, mask) = (_classes++, golden.Array("text_mask"));
            var words = functional.linear(Stored(golden, "text_features")[k], Stored(golden, "text_projection_weight"));
            Assert.Equal(words.shape[0], texts.Count);
            var pooled = TokenPooling.MaximumResponse(words, golden.Json.GetProperty("text_k").GetInt32(), On(tensor(mask.Int64, mask.Shape))[k]);
            return TokenPooling.L2Norm(pooled);
        }

        public void Dispose()
        {
        }
    }
}
