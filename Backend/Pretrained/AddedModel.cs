using Dashboard.Backend.Weights;


namespace Dashboard.Backend.Pretrained;

/// <summary>What tells that a checkpoint is still the one that was read: the bytes of all its files, and when one was last written.</summary>
internal sealed record FileState(long Bytes, DateTime Modified)
{
    /// <param name="weights">A file: see <see cref="CheckpointFile.WeightsOf"/>.</param>
    /// <exception cref="CheckpointException">It is gone, or a shard of it.</exception>
    public static FileState Of(string weights)
    {
        if (!File.Exists(weights))
            throw new CheckpointException(weights, "it is gone.");
        var files = CheckpointFile.FilesOf(weights).Select(path => new FileInfo(path)).ToList();
        return new(files.Sum(file => file.Length), files.Max(file => file.LastWriteTimeUtc));
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
            if (FileState.Of(CheckpointFile.WeightsOf(Model.Path)) != State)
                return $"{Model.Name}: {Model.Path} has changed since it was added. Add it under the same name to read it again, or remove it.";
        }
        catch (Exception error) when (error is CheckpointException or IOException or UnauthorizedAccessException)
        {
            return $"{Model.Name}: {error.Message} Put it back, or remove the model.";
        }
        if (Model.LacksActivation)
            return Model.AskForActivation;
        return Model.Vocabulary is { } vocabulary && !Path.Exists(vocabulary)
            ? $"{Model.Name}: its vocabulary {vocabulary} is gone. Put it back, or remove the model and add it with another."
            : null;
    }
}
