using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Web.Access;

namespace Dashboard.Web.Components.Pages.NewRun;

// What is wrong with the form.
public sealed partial class NewRun
{
    /// <summary>What is wrong with what was typed.</summary>
    private IReadOnlyList<OptionFailure> _own = [];

    /// <summary>What a look at the paths that it names has told: where they lead, and what is not there.</summary>
    private IReadOnlyList<OptionFailure> _pathFaults = [];

    /// <summary>What follows from the state of other runs.</summary>
    private IReadOnlyList<OptionFailure> _inputFaults = [];

    /// <summary>What only a look at the files and the data set tells: a preset may name splits that the data set lacks.</summary>
    private IReadOnlyList<OptionFailure> _planFaults = [];

    /// <summary>All of them.</summary>
    private IReadOnlyList<OptionFailure> _failures = [];

    /// <summary>Counts the looks at the disk: what an outdated one brings is dropped, and after the page is left all of it.</summary>
    private int _looks;

    /// <summary>The like, of the looks at other runs alone.</summary>
    private int _inputLooks;

    private Task _looking = Task.CompletedTask;

    private bool IsSound => _own.Count + _pathFaults.Count + _inputFaults.Count == 0;

    /// <summary>What was typed is judged at once; what it names is looked at meanwhile.</summary>
    private void Check()
    {
        _own = [.. _form!.Validate()];
        _json = _form.Resolved.ToJsonString(RunJson.Indented);
        Gather();
        _looking = LookAsync();
    }

    /// <summary>Until all that was typed has been looked at: before that nothing may be started from it.</summary>
    private async Task SettleAsync()
    {
        while (!_looking.IsCompleted)
            await _looking;
    }

    /// <summary>Follows paths and links: a disk may be slow, so not on the circuit's thread.</summary>
    private async Task LookAsync()
    {
        var (look, method) = (++_looks, _form!.Method);
        // A form that is not sound by itself makes no request.
        var (request, options) = _own.Count == 0 ? ((RunRequest?)_form.Request, (JsonObject?)_form.Resolved) : (null, null);
        var inputs = AskedInputs();
        var (paths, others) = await Task.Run(() =>
        {
            List<OptionFailure> faults = request is null ? [] : [.. RequestPaths.Refused(Roots, request)];
            // Nothing is looked for where pages may not look.
            if (request is not null && faults.Count == 0)
                faults.AddRange(NamedFiles.Faults(method.Schema, options!, Models, open: false));
            return (faults, InputFaults(inputs));
        });
        if (look == _looks)
            Take(paths, others);
    }

    /// <summary>The run to start from may turn up, fail or be deleted while the form is open.</summary>
    private async Task LookAtInputsAsync()
    {
        if (_form is null)
            return;
        var (look, inputLook, inputs) = (_looks, ++_inputLooks, AskedInputs());
        var others = await Task.Run(() => InputFaults(inputs));
        if ((look, inputLook) == (_looks, _inputLooks))
            Take(_pathFaults, others);
    }

    private void Take(IReadOnlyList<OptionFailure> paths, IReadOnlyList<OptionFailure> inputs)
    {
        if (paths.SequenceEqual(_pathFaults) && inputs.SequenceEqual(_inputFaults))
            return;
        (_pathFaults, _inputFaults) = (paths, inputs);
        Gather();
        StateHasChanged();
    }

    /// <summary>The plan, a launch or a dry run has been refused; or, empty, has not.</summary>
    private void Refuse(IReadOnlyList<OptionFailure> failures)
    {
        _planFaults = failures;
        Gather();
    }

    /// <summary>Of what the plan has found nothing is said as long as the form itself is not sound: it follows from another one.</summary>
    private void Gather() => _failures =
    [
        .. _own.Concat(_pathFaults).Concat(_inputFaults).Concat(_own.Count + _pathFaults.Count == 0 ? _planFaults : []).Distinct(),
    ];

    /// <summary>The runs that the form names, and what they must be.</summary>
    private List<(MethodInput Input, string Run, string Dataset, string? Split)> AskedInputs() =>
    [
        .. from input in _form!.Method.Inputs
        where _form.Inputs.ContainsKey(input.Role)
        select (input, _form.Inputs[input.Role], RunDraft.DatasetName(_form.Dataset), RunInputs.SplitOf(input, _form.Resolved)),
    ];

    private List<OptionFailure> InputFaults(List<(MethodInput Input, string Run, string Dataset, string? Split)> asked) =>
    [
        .. asked.Select(one => RunInputs.Fault(one.Input, one.Run, one.Dataset, Store.Find(one.Run), Datasets, one.Split))
            .OfType<OptionFailure>(),
    ];

    /// <summary>A preset by itself that cannot be launched here. A run that is still to be chosen is no fault of the preset's.</summary>
    private string? Misfit => _own.Count + _pathFaults.Count == 0 && _form!.Changes.Length == 0
        && _planFaults.Any(fault => _form.Method.Inputs.All(input => input.Role != fault.Option))
        ? $"As it is, this preset cannot be launched on {_form.Dataset}: {string.Join(" ", _planFaults.Select(fault => fault.Message))}"
        : null;

    private string? FailureOf(string option) => _failures.FirstOrDefault(failure => failure.Option == option)?.Message;

    private string? Invalid(string option) => FailureOf(option) is null ? null : "true";
}
