using System.Text.Json;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Inference;

/// <summary>The class texts that were asked for last: a second image needs no text tower. Not thread-safe.</summary>
internal sealed class KeptTexts : IDisposable
{
    /// <summary>A person goes back and forth between a few lists of names; one is some hundred kilobytes.</summary>
    private const int Most = 8;

    /// <summary>The one asked for last at the end.</summary>
    private readonly List<(string Key, ClassTexts Texts)> _kept = [];

    /// <summary>Stays valid until eight others have been asked for.</summary>
    /// <exception cref="Text.TextTooLongException">A name is too long for the model.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; nothing is kept of it.</exception>
    public ClassTexts Get(PretrainedModel source, ITextSupervisedModel model, IReadOnlyList<string> classes, ZeroShotOptions options,
        CancellationToken stop)
    {
        var key =
            JsonSerializer.Serialize(new { source.Sha256, source.Activation, source.Vocabulary, classes, options.Sentences, options.Background,
                options.ClassWords }, RunJson.Line);
        var found = _kept.Find(kept => kept.Key == key);
        if (found.Texts is null)
            found = (key, ClassTexts.Encode(model, classes, options, stop));
        _kept.Remove(found);
        _kept.Add(found);
        if (_kept.Count > Most)
        {
            _kept[0].Texts.Dispose();
            _kept.RemoveAt(0);
        }
        return found.Texts;
    }

    public void Dispose() => _kept.ForEach(kept => kept.Texts.Dispose());
}
