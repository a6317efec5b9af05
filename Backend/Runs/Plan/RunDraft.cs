using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Methods;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>Makes a complete spec of a request: form, command line and API come through here.</summary>
public static class RunDraft
{
    /// <param name="find">The run of an identifier, for those that this one starts from; null where there is none.</param>
    /// <param name="wired">Roles in which the run starts from others of its plan.</param>
    /// <exception cref="InvalidRunException">With every failure.</exception>
    public static RunSpec Complete(RunRequest request, RunInventory inventory, Func<string, RunSummary?> find, TimeProvider time,
        IEnumerable<string>? wired = null)
    {
        var failures = RequestLimits.Faults(request).ToList();
        if (failures.Count > 0)
            throw new InvalidRunException(failures);
        var method = MethodCatalog.Find(request.Method);
        if (method is null)
            throw new InvalidRunException("method", MethodCatalog.NotFound(request.Method));

        var dataset = DatasetName(request.Dataset);
        try
        {
            inventory.Datasets.Check(dataset);
        }
        catch (DatasetException error)
        {
            failures.Add(new("dataset", $"dataset: {error.Message}"));
        }
        var options = Options(method, request, [.. wired ?? [], .. request.Inputs?.Keys ?? []], dataset, inventory, failures);
        var device = string.IsNullOrWhiteSpace(request.Device) ? "cpu" : request.Device.Trim().ToLowerInvariant();
        if (!DeviceRequest.IsValid(device))
            failures.Add(new("device", $"device: '{request.Device}' is not cpu, cuda (the first GPU that is free) or cuda:N (for example cuda:1)."));
        else if (inventory.DeviceFault(device) is { } fault)
            failures.Add(new("device", $"device: {fault}"));
        if (request.Profile && !method.Trains)
            failures.Add(new("profile", $"profile: {method.Name} trains nothing, and only training steps are profiled. Leave it out."));
        if (request.Seed is < 0)
            failures.Add(new("seed", $"seed: {request.Seed} is negative. Give a whole number of at least 0."));
        foreach (var (role, id) in request.Inputs ?? new Dictionary<string, string>())
            if (method.Inputs.FirstOrDefault(input => input.Role == role) is not { } input)
                failures.Add(
                    new(role,
                        $"{role}: {method.Name} does not start from such a "
                        + $"run.{(method.Inputs.Count == 0 ? "" : $" Known: {string.Join(", ", method.Inputs.Select(input => input.Role))}.")}"));
            else if (RunInputs.Fault(input, id, dataset, find(id), inventory.Datasets, RunInputs.SplitOf(input, options)) is { } fault)
                failures.Add(fault);
        if (failures.Count > 0)
            throw new InvalidRunException(failures);

        var now = time.GetUtcNow();
        return new RunSpec
        {
            Id = $"{now:yyyyMMdd-HHmmss}-{method.Name}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}",
            Name = string.IsNullOrWhiteSpace(request.Name) ? null : request.Name.Trim(),
            Method = method.Name,
            Options = options,
            Preset = request.Preset,
            Dataset = dataset,
            Seed = request.Seed ?? 0,
            Device = device,
            Group = request.Group,
            Profile = request.Profile,
            Inputs = request.Inputs ?? new Dictionary<string, string>(),
            CodeVersion = CodeVersion.Current,
            Created = now,
        };
    }

    /// <summary>As it stands in the spec.</summary>
    /// <param name="typed">Null where a request that came as JSON holds none.</param>
    public static string DatasetName(string? typed) => Path.TrimEndingDirectorySeparator((typed ?? "").Trim());

    /// <summary>The preset's values with the given ones over them, defaults included.</summary>
    /// <param name="roles">In which a run is named: it stands for what the preset gives in its place.</param>
    private static JsonObject Options(MethodDescriptor method, RunRequest request, IReadOnlyCollection<string> roles, string dataset,
        RunInventory inventory, List<OptionFailure> failures)
    {
        var preset = method.Presets.FirstOrDefault(preset => preset.Name.Equals(request.Preset, StringComparison.OrdinalIgnoreCase));
        if (preset is null && request.Preset is not null)
            failures.Add(
                new("preset",
                    $"There is no preset '{request.Preset}' of {method.Name}. Known presets: "
                    + $"{string.Join(", ", method.Presets.Select(known => known.Name))}."));
        var values = preset is null ? [] : method.Schema.Write(preset.Options);
        foreach (var replaced in method.Inputs.Where(input => roles.Contains(input.Role)).Select(input => input.ReplacedBy).OfType<string>())
            values[replaced] = "";
        foreach (var (name, value) in request.Options ?? [])
            values[name] = value?.DeepClone();
        NamedFiles.MakeAbsolute(method.Schema, values);
        failures.AddRange(NamedFiles.Faults(method.Schema, values, inventory.Models, open: true));
        failures.AddRange(method.Schema.Read(values, out var options));
        if (options is not null && failures.Count == 0)
        {
            var splits = inventory.Datasets.Splits(dataset);
            foreach (var (option, split) in options.NamedSplits().Where(named => !splits.Contains(named.Split)))
                failures.Add(new(option, $"{option}: {dataset} has no split '{split}'. It has: {string.Join(", ", splits)}."));
        }
        if (options is not null && failures.Count == 0)
            failures.AddRange(MethodRegistry.Create(method.Name).Check(options, dataset, inventory));
        return options is null ? [] : method.Schema.Write(options);
    }
}
