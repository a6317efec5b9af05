using System.Diagnostics;
using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Images;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Backend.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Inference;

/// <summary>Answers a <see cref="SelfTestRequest"/>: two drawn pictures and two texts go through the model, in both orders.</summary>
public static class SelfTestHandler
{
    /// <summary>Rounding of another order of sums; anything above is a fault.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>Cosine above which two features are the same.</summary>
    private const double Same = 1 - 1e-6;

    private static readonly string[] Texts = ["a photo of a red circle", "green stripes"];

    /// <exception cref="ModelException">There is no such model, or its file is gone or changed.</exception>
    public static SelfTestReport Answer(SelfTestRequest request, LoadedModels models)
    {
        var source = models.Find(request.Model);
        models.Forget(source);
        var clock = Stopwatch.StartNew();
        ClipModel? unread = null;
        try
        {
            // A model without vocabulary cannot be asked for texts, but its towers can be tested.
            var loaded = source.Vocabulary is null ? null : models.GetClip(source);
            var model = loaded?.Model ?? (unread = ClipWeights.Load(source.Path).freeze());
            var load = clock.Elapsed.TotalSeconds;
            clock.Restart();
            List<SelfTestCheck> checks = [new("Loads", true, $"{model.Shape.Tower}, {source.Parameters:N0} parameters"), .. Check(model, loaded?.Tokenizer)];
            return new(source.Name, checks.All(check => check.Passed), checks, load, clock.Elapsed.TotalSeconds);
        }
        catch (Exception error) when (error is CheckpointException or ModelException or InvalidDataException)
        {
            return new(source.Name, false, [new("Loads", false, error.Message)], clock.Elapsed.TotalSeconds, 0);
        }
        finally
        {
            unread?.Dispose();
        }
    }

    private static IEnumerable<SelfTestCheck> Check(ClipModel model, ClipTokenizer? tokenizer)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var shape = model.Shape;

        yield return CheckTokens(tokenizer, shape, out var tokens);
        var pictures = stack([Picture(shape.ImageResolution, IsDisc), Picture(shape.ImageResolution, IsStripe)]);
        var (images, imagesBack) = (model.encode_image(pictures), model.encode_image(pictures.flip(0)).flip(0));
        var (texts, textsBack) = (model.encode_text(tokens), model.encode_text(tokens.flip(0)).flip(0));

        foreach (var (name, features) in new[] { ("Image features", images), ("Text features", texts) })
        {
            var finite = features.isfinite().all().item<bool>();
            yield return new(name, finite && features.shape.SequenceEqual([2, shape.EmbeddingSize]), $"{features.shape[1]} numbers each, {(finite ? "all finite" : "some of them infinite or no numbers")}");
        }

        var longest = cat([Unit(images), Unit(texts)]).norm(-1).sub(1).abs().max().item<float>();
        yield return new("Length one", longest < Tolerance, $"normalised features are off by {longest:0.0e+0}");
        foreach (var (name, features, back) in new[] { ("Pictures in any order", images, imagesBack), ("Texts in any order", texts, textsBack) })
        {
            var off = Unit(features).sub(Unit(back)).abs().max().item<float>();
            yield return new(name, off < Tolerance, $"features of the reversed batch are off by {off:0.0e+0}");
        }
        foreach (var (name, features) in new[] { ("Pictures differ", images), ("Texts differ", texts) })
        {
            var cosine = Unit(features)[0].dot(Unit(features)[1]).item<float>();
            yield return new(name, cosine < Same, $"cosine of two different ones {cosine:0.0000}");
        }
        var scale = model.LogitScale.exp().item<float>();
        yield return new("Temperature", float.IsFinite(scale) && scale > 0, $"logits are {scale:0.00} times the cosine");
    }

    private static SelfTestCheck CheckTokens(ClipTokenizer? tokenizer, ClipShape shape, out Tensor tokens)
    {
        // Two short sequences of ids, in case there is no tokeniser or the context is too short for the texts.
        long end = shape.VocabularySize - 1;
        tokens = zeros([2, shape.ContextLength], int64);
        tokens[0, 0] = tensor(end);
        tokens[1, 0] = tensor(1L);
        tokens[1, 1] = tensor(end);
        if (tokenizer is null)
            return new("Tokeniser", true, "no vocabulary beside the model: it cannot read texts, ids were taken");
        var ids = Texts.Select(text => tokenizer.Tokenize(text, shape.ContextLength, truncate: true)).ToList();
        tokens = tensor([.. ids.SelectMany(row => row)], [2, shape.ContextLength]);
        return new("Tokeniser", ids.TrueForAll(row => row.Max() == end), $"'{Texts[0]}' is {tokenizer.Encode(Texts[0]).Count + 2} tokens of at most {shape.ContextLength}");
    }

    private static Tensor Unit(Tensor features) => functional.normalize(features, dim: -1);

    /// <summary>Red where the figure is, blue to white elsewhere; <c>[3, side, side]</c>, normalised.</summary>
    private static Tensor Picture(int side, Func<double, double, bool> figure)
    {
        var pixels = new byte[3 * side * side];
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                var (across, down) = ((x + 0.5) / side, (y + 0.5) / side);
                var (red, green, blue) = figure(across, down) ? (220, 30, 40) : ((int)(200 * down), (int)(200 * down), 255);
                (pixels[3 * (y * side + x)], pixels[3 * (y * side + x) + 1], pixels[3 * (y * side + x) + 2]) = ((byte)red, (byte)green, (byte)blue);
            }
        return tensor(Normalisation.Clip.ToPlanes(new ImageBuffer(side, side, 3, pixels)), [3, side, side]);
    }

    private static bool IsDisc(double x, double y) => (x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5) < 0.09;

    private static bool IsStripe(double x, double y) => (int)(8 * y) % 2 == 0;
}
