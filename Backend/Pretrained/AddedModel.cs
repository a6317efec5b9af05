using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Training;

namespace Dashboard.Backend.Pretrained;

/// <summary>What tells that a file is still the one that was read.</summary>
internal sealed record FileState(long Bytes, DateTime Modified)
{
    /// <exception cref="CheckpointException">It is gone.</exception>
    public static FileState Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new(file.Length, file.LastWriteTimeUtc) : throw new CheckpointException(path, "it is gone.");
    }
}

/// <summary>One entry of <c>DATA/models.json</c>.</summary>
/// <param name="State">Of the checkpoint, when it was added.</param>
internal sealed record AddedModel(PretrainedModel Model, FileState State)
{
    public bool Is(string name) => Model.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>With the reason why it cannot be used, where its files are gone or others.</summary>
    public PretrainedModel Now() => Model with { Unavailable = Fault() };

    private string? Fault()
    {
        try
        {
            if (FileState.Of(ClipWeights.WeightsOf(Model.Path)) != State)
                return $"{Model.Name}: {Model.Path} has changed since it was added. Add it again under the same name to read it anew, or remove it.";
        }
        catch (Exception error) when (error is CheckpointException or IOException or UnauthorizedAccessException)
        {
            return $"{Model.Name}: {error.Message} Put it back, or remove the model.";
        }
        return Model.Vocabulary is { } vocabulary && !Path.Exists(vocabulary)
            ? $"{Model.Name}: its vocabulary {vocabulary} is gone. Put it back, or remove the model and add it with another."
            : null;
    }
}
