using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Dashboard.Domain.Runs;

/// <summary>Everything that decides a run's numbers; written once as <c>spec.json</c> and never changed.</summary>
public sealed record RunSpec
{
    /// <summary>Names the run folder: <c>yyyyMMdd-HHmmss-method-xxxx</c>, so that folders sort by time.</summary>
    public required string Id { get; init; }

    /// <summary>A free title given by the user; the identifier where none was given.</summary>
    public string? Name { get; init; }

    /// <summary>The method's name in the registry, for example "cam".</summary>
    public required string Method { get; init; }

    /// <summary>All options of the method, defaults included, under their camel-case names.</summary>
    public required JsonObject Options { get; init; }

    /// <summary>The preset the options started from; <c>null</c> when none.</summary>
    public string? Preset { get; init; }

    /// <summary>A registered data set's name, or an absolute folder.</summary>
    public required string Dataset { get; init; }

    public required long Seed { get; init; }

    /// <summary>As <see cref="DeviceRequest"/>: what the run asks for. What it gets is in <see cref="RunStarted.Device"/>.</summary>
    public required string Device { get; init; }

    /// <summary>Runs that this run starts from: role ("baseline") to run identifier.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the time of its first training steps is taken apart; says nothing about the results.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Profile { get; init; }

    /// <summary>The same text in all runs that were launched together to be compared, such as an ablation; null otherwise.</summary>
    public string? Group { get; init; }

    /// <summary>The commit the program was built from.</summary>
    public required string CodeVersion { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>As <see cref="RunKey"/>: two runs of one key give the same result. Null in specs that were written before there were keys.</summary>
    public string? Key { get; init; }

    /// <summary>What people call the run: its name, else what tells it from others at a glance, such as "CLIMS · cooccurrence · seed 0".</summary>
    [JsonIgnore]
    public string Title => Name ?? (IsReadable ? $"{MethodTitle} · {Path.GetFileName(Dataset.TrimEnd('/'))} · seed {Seed}" : Id);

    /// <summary>
    /// The same where runs of one title stand beside each other: with the last letters of the identifier, unless somebody named it.
    /// </summary>
    [JsonIgnore]
    public string DistinctTitle => Name ?? (IsReadable ? $"{Title} · {Id[(Id.LastIndexOf('-') + 1)..]}" : Id);

    /// <summary>The method's title without what stands in brackets.</summary>
    [JsonIgnore]
    public string MethodTitle => Methods.MethodCatalog.TitleOf(Method).Split(" (")[0];

    /// <summary>
    /// Equal for runs that differ in seed and device alone, and start from such runs: over method, options, data set and the recipes of the inputs.
    /// </summary>
    public string Recipe(Func<string, string> ofInput) => Sha256(this with
    {
        Id = "", Name = null, Group = null, Key = null, Created = default, Seed = 0, Device = "", CodeVersion = "", Preset = null, Profile = false,
        Inputs = Inputs.ToDictionary(input => input.Key, input => ofInput(input.Value)),
    })[..16];

    /// <summary>False for what stands in the place of a spec that cannot be read.</summary>
    [JsonIgnore]
    public bool IsReadable => Method.Length > 0;

    /// <summary>Stands in the place of a spec that cannot be read, so that its run is listed all the same.</summary>
    public static RunSpec Unreadable(string id, DateTimeOffset created) =>
        new() { Id = id, Method = "", Options = [], Dataset = "", Seed = 0, Device = "", CodeVersion = "", Created = created };

    /// <summary>
    /// SHA-256 (hex) over what decides the numbers: all but identifier, name, group, key, profile and time. Equal for a relaunch of the same spec by
    /// the same code.
    /// </summary>
    [JsonIgnore]
    public string Hash => Sha256(this with { Id = "", Name = null, Group = null, Key = null, Profile = false, Created = default });

    private static string Sha256(RunSpec canonical) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(canonical, RunJson.Line)));
}
