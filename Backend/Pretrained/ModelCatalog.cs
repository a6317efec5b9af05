using System.Collections.Concurrent;
using System.Text.Json;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Files;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Runs.Database;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Pretrained;

/// <summary>
/// Finds models by name: those that ship with the project, and those that were added (kept in <c>DATA/models.json</c>, by reference); or by path.
/// Thread-safe; other processes see an addition at once. Needs no tensor library.
/// </summary>
/// <param name="dataDir">Where the dashboard keeps what it writes.</param>
/// <param name="builtIn">The models that ship with the project, one folder each; null: <see cref="BuiltInFolder"/>.</param>
public sealed class ModelCatalog(string dataDir, string? builtIn = null)
{
    private static readonly TimeSpan LookPace = TimeSpan.FromSeconds(1);

    /// <summary>What was read of files that no list keeps, for as long as they, and the folder with the vocabulary, stay what they were.</summary>
    private readonly ConcurrentDictionary<(string Path, FileState State, DateTime Folder), Lazy<PretrainedModel>> _inspected = new();

    /// <summary>Models that ship with the project: one folder each, beside the program.</summary>
    public static string BuiltInFolder { get; } = Path.Combine(AppContext.BaseDirectory, "models");

    private string BuiltIn => builtIn ?? BuiltInFolder;
    private string AddedFile => Path.Combine(Path.GetFullPath(dataDir), "models.json");

    /// <summary>The built-in ones first, then by name. Those that cannot be used any more say why.</summary>
    /// <exception cref="ModelException">DATA/models.json is damaged.</exception>
    public IReadOnlyList<PretrainedModel> List() =>
    [
        .. BuiltInNames().Select(name => DescribeBuiltIn(name)),
        .. ReadAdded().Select(added => added.Now()).OrderBy(model => model.Name, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>Whether a text is a path: no name has a slash, and what has none is a name, whatever lies in the folder that the program was started
    /// in.</summary>
    public static bool IsPath(string nameOrPath) => nameOrPath.Contains('/');

    /// <summary>A model by name, or else by path: a checkpoint file, or a folder that holds one.</summary>
    /// <exception cref="ModelException">There is none of that name or path, or it cannot be used: says why.</exception>
    public PretrainedModel Find(string nameOrPath)
    {
        if (Named(nameOrPath) is { } named)
            return named.Unavailable is { } reason ? throw new ModelException(reason) : named;
        if (Absence(nameOrPath) is { } absence)
            throw new ModelException(absence);
        var path = Path.GetFullPath(nameOrPath);
        try
        {
            var model = Inspect(path, path, isBuiltIn: false);
            return model.Unavailable is { } reason ? throw new ModelException(reason) : model;
        }
        catch (CheckpointException error)
        {
            throw new ModelException(error.Message, error);
        }
    }

    /// <summary>Why no run can use a model; null where one can, as far as the names and sizes of its tensors and its vocabulary tell: their values
    /// are not read.</summary>
    /// <param name="open">Whether a model that is named by path is opened; otherwise only its being there is looked at.</param>
    public string? Fault(string nameOrPath, bool mustBeClip, bool open)
    {
        try
        {
            var model = Named(nameOrPath);
            if (model is null && Absence(nameOrPath) is { } absence)
                return absence;
            return (model ?? (open ? ModelInspection.Look(nameOrPath) : null)) switch
            {
                { Unavailable: { } reason } => reason,
                { Kind: not PretrainedModel.Clip } other when mustBeClip =>
                    $"{other.Name} is a {other.Kind} model, but a CLIP is needed here. Choose one on the Models page.",
                { Vocabulary: null } mute => $"{mute.Name}: there is no vocabulary beside {mute.Path}. Add the model with the one that it was trained with, or put that there.",
                _ => null,
            };
        }
        catch (Exception error) when (error is ModelException or CheckpointException)
        {
            return error.Message;
        }
    }

    /// <summary>Gives a model a name, after reading its file to the last byte. The file stays where it is. A known name with the same path is read
    /// again.</summary>
    /// <param name="path">A checkpoint file, or a folder that holds one.</param>
    /// <param name="name">Null: the file's or folder's.</param>
    /// <param name="vocabulary">Null: the one that lies beside the file, if any.</param>
    /// <param name="activation">What a person says of a CLIP whose file does not tell it; without it such a model is added, and cannot be used before
    /// it is told.</param>
    /// <exception cref="ModelException">The name is taken or malformed; the file is damaged or neither CLIP nor SimSeg, names the key or byte; the
    /// vocabulary is another model's.</exception>
    public PretrainedModel Add(
        string path, string? name = null, string? vocabulary = null, ClipActivation? activation = null, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        name ??= NameOf(path);
        if (name.Length is 0 or > 64 || !name.All(IsNameCharacter))
            throw new ModelException($"name: '{name}' is not 1 to 64 letters, digits, dots, dashes and underscores.");
        RequireFree(name, path);
        if (!Path.Exists(path))
            throw new ModelException($"path: {path} does not exist.");
        try
        {
            var state = FileState.Of(CheckpointFile.WeightsOf(path));
            var model = ModelInspection.Read(name, path, vocabulary is null ? null : Path.GetFullPath(vocabulary), isBuiltIn: false, activation,
                progress, cancellation);
            Change(added =>
            {
                RequireFree(name, path);
                added.RemoveAll(other => other.Is(name));
                added.Add(new(model, state));
            });
            return model;
        }
        catch (CheckpointException error)
        {
            throw new ModelException(error.Message, error);
        }
    }

    /// <summary>Forgets a name; the file stays as it is.</summary>
    /// <exception cref="ModelException">No model of that name was added.</exception>
    public void Remove(string name) => Change(added =>
    {
        if (added.RemoveAll(model => model.Is(name)) == 0)
            throw new ModelException(BuiltInNames().Contains(name, StringComparer.OrdinalIgnoreCase)
                ? $"'{name}' ships with the project and stays."
                : $"There is no added model '{name}'.");
    });

    /// <summary>Calls back when the list, or the state of a file on it, has changed, whoever changed it; looks once a second. Dispose to
    /// stop.</summary>
    public IDisposable Subscribe(Action onChanged, TimeProvider time)
    {
        var watched = new Lock();
        var (written, models) = Look();
        return time.CreateTimer(
            _ =>
            {
                var now = Look();
                // Two calls may overlap on a slow disk: one of them tells.
                lock (watched)
                {
                    if (now.Written == written && now.Models.SequenceEqual(models))
                        return;
                    (written, models) = now;
                }
                onChanged();
            },
            null,
            LookPace,
            LookPace);
    }

    /// <summary>The list, and when it was last written: what is added and taken away again between two looks is a change to one who has seen it in
    /// between.</summary>
    private (DateTime Written, IReadOnlyList<PretrainedModel> Models) Look()
    {
        try
        {
            return (File.GetLastWriteTimeUtc(AddedFile), List());
        }
        catch (Exception error) when (error is ModelException or IOException or UnauthorizedAccessException)
        {
            return (default, []);
        }
    }

    private PretrainedModel? Named(string name) =>
        BuiltInNames().FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } shipped
            ? DescribeBuiltIn(shipped)
            : ReadAdded().FirstOrDefault(added => added.Is(name))?.Now();

    /// <param name="nameOrPath">No name that is known.</param>
    /// <returns>Null where it is the path of something.</returns>
    private string? Absence(string nameOrPath)
    {
        if (IsPath(nameOrPath) && Path.Exists(nameOrPath))
            return null;
        var known = string.Join(", ", [.. BuiltInNames(), .. ReadAdded().Select(added => added.Model.Name)]);
        return IsPath(nameOrPath)
            ? $"There is no file or folder {nameOrPath}. Correct the path, or choose a model that is known: {known}."
            : $"There is no model '{nameOrPath}'. Known: {known}. Add it on the Models page or with 'model add PATH', or give the path of a "
                + "checkpoint, with a slash in it.";
    }

    private List<string> BuiltInNames() =>
        Directory.Exists(BuiltIn)
            ? [.. Directory.EnumerateDirectories(BuiltIn)
                .Select(folder => Path.GetFileName(folder))
                .Where(name => !FolderFiles.IsLeftover(name))
                .Order(StringComparer.Ordinal)]
            : [];

    private PretrainedModel DescribeBuiltIn(string name)
    {
        var path = Path.Combine(BuiltIn, name);
        try
        {
            return Inspect(name, path, isBuiltIn: true);
        }
        catch (Exception error) when (error is CheckpointException or ModelException)
        {
            return new(name, path, null, PretrainedModel.Clip, "", 0, 0, 0, "", 0, IsBuiltIn: true,
                $"{error.Message} Build or unpack the project again.");
        }
    }

    /// <exception cref="CheckpointException">Damaged, or no CLIP.</exception>
    private PretrainedModel Inspect(string name, string path, bool isBuiltIn)
    {
        var weights = CheckpointFile.WeightsOf(path);
        var key = (path, FileState.Of(weights), Directory.GetLastWriteTimeUtc(Path.GetDirectoryName(weights)!));
        return _inspected.GetOrAdd(key, _ => new(() => ModelInspection.Read(name, path, null, isBuiltIn))).Value;
    }

    private void RequireFree(string name, string path)
    {
        if (Named(name) is { } taken && (taken.IsBuiltIn || taken.Path != path))
            throw new ModelException($"name: '{name}' is taken, by {taken.Path}. Choose another (--name), or remove that model first.");
    }

    /// <summary>Of a run's folder "model" the run's, for there are many of them.</summary>
    private static string NameOf(string path)
    {
        if (path.EndsWith(ShardedCheckpoint.Suffix, StringComparison.Ordinal))
            path = path[..^ShardedCheckpoint.Suffix.Length];
        var name = Directory.Exists(path) ? Path.GetFileName(path) : Path.GetFileNameWithoutExtension(path);
        if (name is "model" or "pytorch_model" && Path.GetDirectoryName(path) is { } parent)
            name = Path.GetFileName(parent);
        var legal = string.Concat(name.Select(c => IsNameCharacter(c) ? c : '-'));
        return legal[..Math.Min(legal.Length, 64)];
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';

    private List<AddedModel> ReadAdded()
    {
        try
        {
            var added =
                File.Exists(AddedFile) ? JsonSerializer.Deserialize<List<AddedModel>>(File.ReadAllText(AddedFile), RunJson.Indented) ?? [] : [];
            return added.All(entry => entry is { Model: { Name: not null, Path: not null }, State: not null })
                ? added
                : throw new JsonException("an entry has no model, name or path.");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{AddedFile} cannot be read: {error.Message} Correct or delete it; models must then be added again.", error);
        }
    }

    /// <summary>One process at a time; written aside, then renamed.</summary>
    private void Change(Action<List<AddedModel>> change)
    {
        try
        {
            Directory.CreateDirectory(dataDir);
            using var alone = FileLock.Take(AddedFile + ".lock", CancellationToken.None);
            var added = ReadAdded();
            change(added);
            WholeFile.Write(AddedFile, file => JsonSerializer.Serialize(file, added, RunJson.Indented));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{AddedFile} cannot be written: {error.Message}", error);
        }
    }
}
