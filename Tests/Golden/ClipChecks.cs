using System.Text.Json;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Weights;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Golden;

/// <summary>Features, logits and gradients of both kinds of CLIP against openai/CLIP's model.py, and the files that it and PyTorch write.</summary>
public static class ClipChecks
{
    [GoldenCheck("clip-vit", "weights-in-files")]
    [GoldenCheck("clip-rn", "weights-in-files")]
    internal static void WeightsInFiles(GoldenCase golden)
    {
        foreach (var file in golden.Files)
        {
            using var scope = NewDisposeScope();
            using var model = ClipWeights.Load(golden.File(file), ClipActivation.QuickGelu);
            SameShape(golden, model.Shape);
            model.to(TestDevice.Current);
            model.eval();
            var images = Input(golden.Array("images").Float32, golden.Array("images").Shape);
            if (file.Contains("jit", StringComparison.Ordinal))
            {
                SameTypes(golden, file);
                Outputs(golden, model, images, "_from_jit_fp16");
                continue;
            }

            Outputs(golden, model, images);
            Gradients(golden, model, images);
            if (golden.HasArray("grad_image_wsum"))
                WeightedSum(golden, model, images);
        }
    }

    [GoldenCheck("clip-vit", "formula-weights-multihead")]
    [GoldenCheck("clip-rn", "formula-weights")]
    internal static void FormulaWeights(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        using var model = FormulaModel(golden);
        SameShape(golden, model.Shape);
        var (values, shape) = golden.FormulaInput("images");
        var images = Input(values, shape);
        Outputs(golden, model, images);
        Gradients(golden, model, images);
    }

    [GoldenCheck("clip-vit", "torch-serialization-oddities")]
    internal static void SerializationOddities(GoldenCase golden)
    {
        foreach (var file in (string[])["odd.pt", "odd_legacy.pt", "odd.safetensors"])
        {
            using var checkpoint = CheckpointFile.Open(golden.File(file));
            foreach (var array in golden.Json.GetProperty("arrays").EnumerateObject())
            {
                var (reference, name) = (golden.Array(array.Name), array.Name == "module_prefix_weight" ? "module.prefix.weight" : array.Name);
                // The safetensors file was written without it.
                if (name == "f64" && file == "odd.safetensors")
                    continue;
                Assert.Equal(reference.Shape, checkpoint[name].Shape);
                GoldenAssert.Close(reference.AsDouble(), Array.ConvertAll(checkpoint[name].ToFloats(), value => (double)value), 0, $"{file}, {name}");
            }
        }

        foreach (var file in golden.Files.Where(file => file.StartsWith("corrupt", StringComparison.Ordinal)))
            Assert.Throws<CheckpointException>(() => CheckpointFile.Open(golden.File(file)));
        // Beside the tensor stands a call of print: it is left out, and never made.
        using var beside = CheckpointFile.Open(golden.File("unsafe_global.pt"));
        Assert.Equal(["a"], beside.Tensors.Keys);
    }

    /// <summary>SimSeg's interpolation of a vision transformer's position embedding, which is CLIP's too.</summary>
    [GoldenCheck("simseg", "interpolate-pe")]
    internal static void InterpolatePositions(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        foreach (var name in golden.Json.GetProperty("arrays")
            .EnumerateObject()
            .Select(array => array.Name)
            .Where(name => name.EndsWith("_in", StringComparison.Ordinal)))
        {
            var (input, expected) = (golden.Array(name), golden.Array($"{name[..^"_in".Length]}_out"));
            var leading = name.Contains("extra2", StringComparison.Ordinal) ? 2 : 1;
            var side = (long)Math.Sqrt(expected.Shape[1] - leading);
            var resized = ClipImageTower.interpolate_positions(tensor(input.Float32, input.Shape)[0], side, side, leading);
            GoldenAssert.Close(expected.Float32, resized.contiguous().data<float>().ToArray(), golden.Tolerance("abs"), name);
        }
    }

    /// <summary>A CLIP in evaluation mode with the formula weights that a file of the case lists.</summary>
    internal static ClipModel FormulaModel(GoldenCase golden, string file = "params.json")
    {
        var tensors = golden.Parameters(file).ToDictionary(
            parameter => parameter.Name,
            parameter =>
                parameter.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal)
                    ? TensorData.Of([0L])
                    : TensorData.Of(parameter.Values, parameter.Shape));
        var model = new ClipModel(ClipShapeReader.Read(file, tensors));
        TensorFile.LoadStrict(model.state_dict(), tensors, file);
        model.to(TestDevice.Current);
        model.eval();
        return model;
    }

    private static void Outputs(GoldenCase golden, ClipModel model, Tensor images, string suffix = "")
    {
        using var guard = no_grad();
        var tolerance = golden.Tolerance("outputs");
        Close(golden, $"image_features{suffix}", model.encode_image(images), tolerance);
        Close(golden, $"text_features{suffix}", model.encode_text(Tokens(golden)), tolerance);
        if (suffix.Length > 0)
            return;
        var (perImage, perText) = model.call(images, Tokens(golden));
        Close(golden, "logits_per_image", perImage, tolerance);
        Close(golden, "logits_per_text", perText, tolerance);
    }

    /// <summary>Of 0.5 * (CE(logits per image, diagonal) + CE(logits per text, diagonal)) with as many images as texts.</summary>
    private static void Gradients(GoldenCase golden, ClipModel model, Tensor images)
    {
        var input = images.clone().requires_grad_();
        var (perImage, perText) = model.call(input, Tokens(golden));
        var n = Math.Min(perImage.shape[0], perImage.shape[1]);
        var diagonal = arange(n, device: images.device);
        var loss = 0.5 * (functional.cross_entropy(Square(perImage, n), diagonal) + functional.cross_entropy(Square(perText, n), diagonal));
        GoldenAssert.Close(golden.Number("loss_ce", "value"), loss.item<float>(), golden.Tolerance("outputs"), "loss");
        loss.backward();

        var tolerance = golden.Tolerance("gradients");
        Close(golden, "grad_image_ce", input.grad!.narrow(0, 0, golden.Array("grad_image_ce").Shape[0]), tolerance);
        const string prefix = "pgrad__";
        foreach (var array in golden.Json.GetProperty("arrays")
            .EnumerateObject()
            .Where(array => array.Name.StartsWith(prefix, StringComparison.Ordinal)))
            Close(golden, array.Name, model.get_parameter(array.Name[prefix.Length..])!.grad!, tolerance);
    }

    private static void WeightedSum(GoldenCase golden, ClipModel model, Tensor images)
    {
        var input = images.clone().requires_grad_();
        var features = model.encode_image(input);
        (features * tensor(GoldenFormula.Values(9001, features.NumberOfElements, 0, 1, 0), features.shape).to(TestDevice.Current)).sum().backward();
        Close(golden, "grad_image_wsum", input.grad!, golden.Tolerance("gradients"));
    }

    private static void SameTypes(GoldenCase golden, string file)
    {
        using var checkpoint = CheckpointFile.Open(golden.File(file));
        Assert.Equal(
            golden.Value("jit_state_dict_dtypes")
                .EnumerateObject()
                .ToDictionary(type => type.Name, type => type.Value.GetString()!["torch.".Length..]),
            checkpoint.Tensors.ToDictionary(tensor => tensor.Key, tensor => $"{tensor.Value.Type}".ToLowerInvariant()));
    }

    private static void SameShape(GoldenCase golden, ClipShape shape)
    {
        var expected = golden.Json.GetProperty("config");
        int Number(string name) => expected.GetProperty(name).GetInt32();
        var layers = expected.GetProperty("vision_layers");
        Assert.Equal(layers.ValueKind == JsonValueKind.Array ? [.. layers.EnumerateArray().Select(layer => layer.GetInt32())] : [layers.GetInt32()],
            shape.VisionLayers);
        Assert.Equal(expected.GetProperty("vision_patch_size").ValueKind == JsonValueKind.Null ? null : Number("vision_patch_size"), shape.PatchSize);
        Assert.Equal(
            (Number("embed_dim"), Number("image_resolution"), Number("vision_width"), Number("context_length"), Number("vocab_size")),
            (shape.EmbeddingSize, shape.ImageResolution, shape.VisionWidth, shape.ContextLength, shape.VocabularySize));
        Assert.Equal((Number("transformer_width"), Number("transformer_heads"), Number("transformer_layers")),
            (shape.TextWidth, shape.TextHeads, shape.TextLayers));
    }

    private static Tensor Tokens(GoldenCase golden) => tensor(golden.Array("tokens").Int64, golden.Array("tokens").Shape).to(TestDevice.Current);

    private static Tensor Input(float[] values, long[] shape) => tensor(values, shape).to(TestDevice.Current);

    private static Tensor Square(Tensor logits, long side) => logits.narrow(0, 0, side).narrow(1, 0, side);

    private static void Close(GoldenCase golden, string array, Tensor actual, double tolerance)
    {
        var reference = golden.Array(array);
        Assert.Equal(reference.Shape, actual.shape);
        GoldenAssert.CloseRelativeToMaximum(reference.Float32, actual.detach().cpu().contiguous().data<float>().ToArray(), tolerance, array);
    }
}
