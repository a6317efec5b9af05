using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Pretrained;
using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>
/// The whole graph of runs that a request needs. What a run starts from is the run that is named, else the stage that it is wired to, else one that
/// is made as the method says, with all that that one starts from. Of each key there is one.
/// </summary>
/// <remarks>Made in two steps: files may lie on a disk that does not answer, and nobody else has to wait for it.</remarks>
public sealed class RunPlan
{
    private readonly IReadOnlyList<Node> _nodes;
    private readonly IReadOnlyList<Node> _wanted;

    private RunPlan(IReadOnlyList<Node> nodes, IReadOnlyList<Node> wanted) => (_nodes, _wanted) = (nodes, wanted);

    /// <summary>Looks at every file that the requests name.</summary>
    /// <param name="wanted">Stages before those that start from them.</param>
    /// <exception cref="InvalidRunException">With every failure of all of them.</exception>
    public static RunPlan Prepare(IReadOnlyList<WantedRun> wanted, RunInventory inventory, IRunStore runs, TimeProvider time)
    {
        var draft = new PlanDraft(inventory, runs, time);
        var nodes = wanted.Select(draft.Add).ToList();
        return draft.Failures.Count == 0 ? new RunPlan(draft.Nodes, [.. nodes.OfType<Node>()]) : throw new InvalidRunException(draft.Failures);
    }

    /// <summary>Reads no file of others: what is reused, what goes on, and what has to be made.</summary>
    /// <param name="isTaken">Whether there is something of this identifier.</param>
    public SettledPlan Settle(IRunStore runs, Func<string, bool> isTaken, TimeProvider time)
    {
        var known = runs.WithKeys([.. _nodes.Where(node => node.Reuse).Select(node => node.Key).Distinct()]).ToLookup(run => run.Spec.Key);
        var (planned, taken, now) = (new Dictionary<Node, PlannedRun>(), new HashSet<string>(StringComparer.Ordinal), time.GetUtcNow());
        foreach (var node in _nodes)
        {
            var inputs = new Dictionary<string, string>(node.Draft.Inputs);
            foreach (var (role, other) in node.From)
                inputs[role] = planned[other].Spec.Id;
            // Of two that are launched at once, the later one bears the later time.
            var spec = node.Draft with { Inputs = inputs, Key = node.Key, Created = now.AddTicks(planned.Count) };
            var there = node.Reuse ? Existing([.. known[node.Key], .. node.Unkeyed.Select(runs.Find).OfType<RunSummary>()], spec) : null;
            planned[node] = there is var (step, run) ? new(run.Spec, step,
                node.Stage) : new(spec with { Id = NewId(spec, id => isTaken(id) || !taken.Add(id)) }, PlanStep.Make, node.Stage);
        }
        return new([.. _nodes.Select(node => planned[node])], [.. _wanted.Select(node => planned[node])]);
    }

    /// <summary>A finished run before one that is still to finish, and that before one that can go on; the newest first.</summary>
    private static (PlanStep Step, RunSummary Run)? Existing(IEnumerable<RunSummary> runs, RunSpec wanted)
    {
        var usable = runs.Select(run => (Step: StepOf(run, wanted), Run: run)).Where(known => known.Step is not null)
            .OrderBy(known => known.Step).ThenByDescending(known => known.Run.Spec.Created).ToList();
        return usable is [var first, ..] ? (first.Step!.Value, first.Run) : null;
    }

    private static PlanStep? StepOf(RunSummary run, RunSpec wanted) => run.State switch
    {
        RunState.Finished => PlanStep.Reuse,
        RunState.Running or RunState.Queued => PlanStep.Wait,
        RunState.Interrupted or RunState.Failed or RunState.Cancelled when run.Spec.Device == wanted.Device && HasInputs(run.Spec, wanted) =>
            PlanStep.Resume,
        _ => null,
    };

    /// <summary>A run goes on with the very runs that it has begun with.</summary>
    private static bool HasInputs(RunSpec spec, RunSpec wanted) =>
        spec.Inputs.Count == wanted.Inputs.Count && spec.Inputs.All(input => wanted.Inputs.GetValueOrDefault(input.Key) == input.Value);

    private static string NewId(RunSpec spec, Predicate<string> isTaken)
    {
        while (true)
        {
            var id = $"{spec.Created:yyyyMMdd-HHmmss}-{spec.Method}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}";
            if (!isTaken(id))
                return id;
        }
    }

    /// <summary>A run of the graph.</summary>
    /// <param name="Draft">Without identifier, key and the runs of <paramref name="From"/>.</param>
    /// <param name="Unkeyed">Runs of the same key that were launched before there were keys.</param>
    private sealed record Node(RunSpec Draft, string Key, IReadOnlyDictionary<string, Node> From, IReadOnlyList<string> Unkeyed, bool Reuse,
        string? Stage)
    {
        public bool Equals(Node? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }

    /// <summary>The graph while it is made.</summary>
    private sealed class PlanDraft
    {
        private readonly RunInventory _inventory;
        private readonly IRunStore _runs;
        private readonly TimeProvider _time;
        private readonly RunKeys _keys;
        private readonly Dictionary<string, Node> _stages = new(StringComparer.Ordinal);
        private readonly Dictionary<string, IReadOnlyList<RunSummary>> _unkeyed = new(StringComparer.Ordinal);

        public PlanDraft(RunInventory inventory, IRunStore runs, TimeProvider time)
        {
            (_inventory, _runs, _time) = (inventory with { Datasets = new RememberedDatasets(inventory.Datasets) }, runs, time);
            _keys = new RunKeys(_inventory, runs.Find, time);
        }

        public List<Node> Nodes { get; } = [];
        public List<OptionFailure> Failures { get; } = [];

        public Node? Add(WantedRun wanted)
        {
            var from = new Dictionary<string, Node>();
            foreach (var (role, stage) in wanted.From)
                if (_stages.TryGetValue(stage, out var node))
                    from[role] = node;
                else
                {
                    // That stage has failures of its own; so may this one have.
                    Check(wanted);
                    return null;
                }
            var made = Build(wanted.Request, from, wanted.Reuse, wanted.Stage, []);
            if (made is not null && wanted.Stage is { } name)
                _stages[name] = made;
            return made;
        }

        private void Check(WantedRun wanted)
        {
            try
            {
                RunDraft.Complete(wanted.Request, _inventory, _runs.Find, _time, wanted.From.Keys);
            }
            catch (InvalidRunException error)
            {
                Fail(wanted.Stage, error.Failures);
            }
        }

        /// <param name="makers">Methods that are being made something for: none is made for itself.</param>
        private Node? Build(RunRequest request, Dictionary<string, Node> from, bool reuse, string? stage, IReadOnlyList<string> makers)
        {
            var before = Failures.Count;
            try
            {
                var spec = RunDraft.Complete(request, _inventory, _runs.Find, _time, from.Keys);
                var method = MethodCatalog.Get(spec.Method);
                Wire(method, spec, from, stage, [.. makers, method.Name]);
                if (Failures.Count > before)
                    return null;
                var inputs = spec.Inputs.ToDictionary(input => input.Key, input => _keys.OfRun(input.Value));
                foreach (var (role, node) in from)
                    inputs[role] = node.Key;
                return Keep(new(spec, _keys.Of(spec, inputs), from, [], reuse, stage));
            }
            catch (InvalidRunException error)
            {
                Fail(stage, error.Failures);
            }
            catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException or ModelException)
            {
                Fail(stage, [new("dataset", error.Message)]);
            }
            return null;
        }

        /// <summary>Looks at what the run is wired to, and adds what nobody has named.</summary>
        private void Wire(MethodDescriptor method, RunSpec spec, Dictionary<string, Node> from, string? stage, IReadOnlyList<string> makers)
        {
            foreach (var role in from.Keys.Where(role => method.Inputs.All(input => input.Role != role)))
                Fail(stage, [new(role, $"{role}: {method.Name} does not start from such a run.")]);
            foreach (var input in method.Inputs)
                if (from.TryGetValue(input.Role, out var other))
                    Fail(stage,
                        [.. new[] { RunInputs.Mismatch(input, $"the stage {other.Stage}", other.Draft,
                        RunInputs.SplitOf(input, spec)) }.OfType<OptionFailure>()]);
                else if (spec.Inputs.ContainsKey(input.Role)
                    || (input.ReplacedBy is { } option && spec.Options[option]?.GetValue<string>() is { Length: > 0 }))
                    continue;
                else if (input.MadeBy is { } maker && !makers.Contains(maker.Method))
                    Make(input, maker, spec, from, stage, makers);
                else
                    Fail(stage,
                        [new(input.Role,
                        $"{input.Role}: {method.Name} needs the {Artifact.NameOf(input.Kind)} of another run. {Remedy(input)}")]);
        }

        private void Make(MethodInput input, InputMaker maker, RunSpec spec, Dictionary<string, Node> from, string? stage,
            IReadOnlyList<string> makers)
        {
            var before = Failures.Count;
            if (Build(RequestOf(maker, spec), [], reuse: true, stage: null, makers) is { } made)
            {
                from[input.Role] = made;
                return;
            }
            var reasons = Failures[before..];
            Failures.RemoveRange(before, reasons.Count);
            Fail(stage, [.. reasons.Select(reason => new OptionFailure(
                input.Role, $"{input.Role}: no run is named, and none can be made by {maker.Method} first: {reason.Message} {Remedy(input)}"))]);
        }

        private static string Remedy(MethodInput input) => $"Name a run{(input.ReplacedBy is null ? "" : $", or give {input.ReplacedBy}")}.";

        private static RunRequest RequestOf(InputMaker maker, RunSpec spec) => new(
            maker.Method, spec.Dataset, maker.PresetOf(spec.Preset),
            new JsonObject(maker.Shared.Select(name => KeyValuePair.Create(name, spec.Options[name]?.DeepClone()))), spec.Seed, spec.Device);

        /// <summary>Of several runs that may be reused and have one key, there is one.</summary>
        private Node Keep(Node node)
        {
            if (node.Reuse && Nodes.FirstOrDefault(other => other.Reuse && other.Key == node.Key) is { } same)
                return same;
            if (node.Reuse)
                node = node with { Unkeyed = [.. Unkeyed(node.Draft).Where(id => _keys.OfRun(id) == node.Key)] };
            Nodes.Add(node);
            return node;
        }

        private IEnumerable<string> Unkeyed(RunSpec spec)
        {
            if (!_unkeyed.TryGetValue(spec.Method, out var runs))
                _unkeyed[spec.Method] = runs = _runs.WithoutKey(spec.Method);
            return runs.Where(run => run.Spec.Seed == spec.Seed).Select(run => run.Spec.Id);
        }

        /// <summary>What all stages have in common is told once, what is a stage's own under the stage's name.</summary>
        private void Fail(string? stage, IReadOnlyList<OptionFailure> failures)
        {
            foreach (var failure in failures)
            {
                var isCommon = stage is null || failure.Option is "dataset" or "device" or "seed";
                var own = isCommon ? failure
                    : failure.Message.StartsWith(failure.Option + ":", StringComparison.Ordinal)
                        ? new($"{stage}.{failure.Option}", $"{stage}.{failure.Message}")
                    : new OptionFailure($"{stage}.{failure.Option}", $"{stage}: {failure.Message}");
                if (!Failures.Contains(own))
                    Failures.Add(own);
            }
        }
    }
}
