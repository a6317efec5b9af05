using System.Diagnostics;
using Dashboard.Backend.Images;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs.Database;
using Dashboard.Backend.Weights;
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
        var clock = Stopwatch.StartNew();
        try
        {
            using var model = TestedModel.Open(source, models);
            var load = clock.Elapsed.TotalSeconds;
            clock.Restart();
            List<SelfTestCheck> checks = [new("Loads", true, $"{model.Towers}, {source.Parameters:N0} parameters"), .. Check(model)];
            return new(source.Name, checks.All(check => check.Passed), checks, load, clock.Elapsed.TotalSeconds);
        }
        catch (Exception error) when (error is CheckpointException or ModelException or InvalidDataException)
        {
            return new(source.Name, false, [new("Loads", false, error.Message)], clock.Elapsed.TotalSeconds, 0);
        }
    }

    private static IEnumerable<SelfTestCheck> Check(TestedModel model)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();

        var (tokens, tokeniser) = model.Tokens(Texts[0], Texts[1]);
        yield return tokeniser;
        var pictures = stack([Picture(model.Resolution, IsDisc), Picture(model.Resolution, IsStripe)]);
        var (images, imagesBack) = (model.Images(pictures), model.Images(pictures.flip(0)).flip(0));
        var (texts, textsBack) = (model.Texts(tokens), model.Texts(tokens.flip(0)).flip(0));

        foreach (var (name, features) in new[] { ("Image features", images), ("Text features", texts) })
        {
            var finite = features.isfinite().all().item<bool>();
            yield return new(name, finite && features.shape.SequenceEqual([2, model.EmbeddingSize]),
                $"{features.shape[1]} numbers each, {(finite ? "all finite" : "some of them infinite or NaN")}");
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
        var scale = model.LogitScale;
        yield return new("Temperature", double.IsFinite(scale) && scale > 0, $"logits are {scale:0.00} times the cosine");
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
