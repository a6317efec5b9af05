using System.Text.Json;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Datasets;

/// <summary>One line of the data set page.</summary>
/// <param name="Name">What runs call it.</param>
/// <param name="Title">As shown.</param>
/// <param name="Kind">"Built in", the name of a <see cref="DatasetLayout"/>, or "Unknown" where it cannot be opened.</param>
/// <param name="Unavailable">Why it cannot be used; null where it can.</param>
/// <param name="IsRemovable">True for a data set that was registered at run time.</param>
public sealed record DatasetEntry(string Name, string Title, string Path, string Kind, string? Unavailable, bool IsRemovable);

/// <summary>
/// Finds data sets by name: the built-in one, those of the configuration (<c>Dashboard:Datasets</c>, name to path), those registered at run time
/// (kept in <c>DATA/datasets.json</c>); or by absolute path. Thread-safe; other processes see a registration at once.
/// </summary>
/// <param name="dataDir">Where the dashboard keeps what it writes.</param>
/// <param name="configured">Name to path.</param>
public sealed class DatasetCatalog(string dataDir, IReadOnlyDictionary<string, string>? configured = null)
{
    private const long MostRegisteredBytes = 16 << 20;

    private readonly IReadOnlyDictionary<string, string> _configured = configured ?? new Dictionary<string, string>();
    private readonly Lock _lock = new();
    private readonly FileFingerprints _fingerprints = new(TimeProvider.System);

    private string RegisteredFile => Path.Combine(dataDir, "datasets.json");

    /// <summary>Where the built-in data set lies once it is generated.</summary>
    public string BuiltInPath => Path.Combine(
        Path.GetFullPath(dataDir),
        "datasets",
        $"cooccurrence-v{CooccurrenceWorld.Version}-{CooccurrenceWorld.DefaultSize}px-{CooccurrenceWorld.DefaultTrain}-{CooccurrenceWorld.DefaultVal}");

    /// <summary>Opens a data set. The built-in one is generated on first use, which takes seconds; a second caller waits for the first.</summary>
    /// <exception cref="DatasetException">There is no such name or folder, or it is not a data set: says what was looked for.</exception>
    public IImageDataset Open(string nameOrPath, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (IsBuiltIn(nameOrPath))
            return CooccurrenceWorld.Make(BuiltInPath, progress: progress, cancellation: cancellation);
        if (Named().TryGetValue(nameOrPath, out var path))
            return OpenFolder(path);
        if (Path.IsPathFullyQualified(nameOrPath))
            return OpenFolder(nameOrPath);
        throw new DatasetException(
            $"There is no data set '{nameOrPath}'. Known: {string.Join(", ", [CooccurrenceWorld.Kind, .. Named().Keys])}. "
            + "Register it, or give an absolute folder.");
    }

    /// <summary>
    /// The one name of a data set: two names are the same data set's where this is the same. The built-in one's, else the first name that its folder
    /// has, else its folder's path without symbolic links. A name that is not known is its own.
    /// </summary>
    public string Canonical(string nameOrPath)
    {
        try
        {
            var named = Named();
            var path = IsBuiltIn(nameOrPath) ? BuiltInPath : named.TryGetValue(nameOrPath, out var known) ? known : nameOrPath;
            if (!Path.IsPathFullyQualified(path))
                return nameOrPath;
            var folder = RealPath.Of(path);
            return folder == RealPath.Of(BuiltInPath)
                ? CooccurrenceWorld.Kind
                : named.Where(other => RealPath.Of(other.Value) == folder).Select(other => other.Key).Min(StringComparer.OrdinalIgnoreCase) ?? folder;
        }
        catch (Exception error) when (error is DatasetException or IOException)
        {
            // Names cannot be read, or links go round in a circle: opening it tells.
            return nameOrPath;
        }
    }

    /// <inheritdoc cref="IDatasetSource.Fingerprint"/>
    public string Fingerprint(string nameOrPath)
    {
        if (Canonical(nameOrPath) == CooccurrenceWorld.Kind)
            return CooccurrenceWorld.DefaultFingerprint;
        var path = Named().TryGetValue(nameOrPath, out var known) ? known : nameOrPath;
        try
        {
            return _fingerprints.Of(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, path, "Restore the folder, or its permissions.");
        }
    }

    /// <summary>The classes of a data set. Those of the built-in one are known before it is generated.</summary>
    /// <exception cref="DatasetException">As of <see cref="Open"/>.</exception>
    public ClassSet Classes(string nameOrPath) => IsBuiltIn(nameOrPath) ? WorldClasses.Objects : Open(nameOrPath).Classes;

    /// <summary>The splits of a data set. Those of the built-in one are known before it is generated.</summary>
    /// <exception cref="DatasetException">As of <see cref="Open"/>.</exception>
    public IReadOnlyList<string> Splits(string nameOrPath) => IsBuiltIn(nameOrPath) ? CooccurrenceWorld.Splits : Open(nameOrPath).Splits;

    /// <inheritdoc cref="DatasetLayout.OpenFolder"/>
    public static IImageDataset OpenFolder(string path) => DatasetLayout.OpenFolder(path);

    /// <summary>All data sets that have a name: the built-in one first, then by name. Opens each; generates nothing.</summary>
    public IReadOnlyList<DatasetEntry> List()
    {
        var registered = ReadRegistered();
        return
        [
            new(CooccurrenceWorld.Kind, CooccurrenceWorld.Title, BuiltInPath, "Built in", Unavailable: null, IsRemovable: false),
            .. Named().OrderBy(named => named.Key, StringComparer.OrdinalIgnoreCase)
                .Select(named => Describe(named.Key, named.Value, registered.ContainsKey(named.Key))),
        ];
    }

    /// <summary>Gives a folder a name, after opening it once.</summary>
    /// <exception cref="DatasetException">The name is taken or malformed, the path is relative, or the folder is not a data set.</exception>
    public DatasetEntry Register(string name, string path)
    {
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new DatasetException($"name: '{name}' is not 1 to 64 letters, digits, dots, dashes and underscores.");
        if (!Path.IsPathFullyQualified(path))
            throw new DatasetException($"path: '{path}' is not absolute. Begin it with a slash.");
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        OpenFolder(path);
        lock (_lock)
        {
            if (IsBuiltIn(name) || Named().ContainsKey(name))
                throw new DatasetException($"name: '{name}' is taken. Choose another, or remove that data set first.");
            var registered = ReadRegistered();
            registered[name] = path;
            WriteRegistered(registered);
        }
        return Describe(name, path, isRegistered: true);
    }

    /// <summary>Forgets a name; the folder stays as it is.</summary>
    /// <exception cref="DatasetException">No such name was registered at run time.</exception>
    public void Remove(string name)
    {
        lock (_lock)
        {
            var registered = ReadRegistered();
            if (!registered.Remove(name))
                throw new DatasetException($"'{name}' was not registered here. Names of the configuration are removed in appsettings.json.");
            WriteRegistered(registered);
        }
    }

    private static bool IsBuiltIn(string name) => name.Equals(CooccurrenceWorld.Kind, StringComparison.OrdinalIgnoreCase);

    private static DatasetEntry Describe(string name, string path, bool isRegistered)
    {
        try
        {
            var dataset = OpenFolder(path);
            return new(name, dataset.Name, path, DatasetLayout.KindOf(dataset), Unavailable: null, isRegistered);
        }
        catch (DatasetException error)
        {
            return new(name, name, path, "Unknown", error.Message, isRegistered);
        }
    }

    /// <summary>Configured names win over registered ones.</summary>
    private Dictionary<string, string> Named()
    {
        var named = new Dictionary<string, string>(ReadRegistered(), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, path) in _configured)
            named[name] = path;
        return named;
    }

    private Dictionary<string, string> ReadRegistered()
    {
        try
        {
            var registered = File.Exists(RegisteredFile) ? BoundedText.Json<Dictionary<string, string?>>(RegisteredFile, "a list of data sets",
                RunJson.Indented, MostRegisteredBytes) : null;
            return (registered ?? []).Where(entry => entry.Value is not null).DistinctBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(entry => entry.Key, entry => entry.Value!, StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, RegisteredFile, "Correct or delete it; data sets must then be registered again.");
        }
    }

    private void WriteRegistered(Dictionary<string, string> registered)
    {
        Directory.CreateDirectory(dataDir);
        var aside = RegisteredFile + ".new";
        File.WriteAllText(aside, JsonSerializer.Serialize(registered, RunJson.Indented));
        File.Move(aside, RegisteredFile, overwrite: true);
    }
}
