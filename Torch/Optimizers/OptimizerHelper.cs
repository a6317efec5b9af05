using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What all optimisers share: their groups, their state by parameter, and both in a file of TorchSharp's own format.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    public override IEnumerable<Parameter> parameters() => _groups.SelectMany(group => group.Parameters);

    public override void zero_grad()
    {
        foreach (var parameter in parameters())
            parameter.ClearGradient(drop: true);
    }

    /// <summary>The options of each group and the state of each parameter, group by group.</summary>
    public virtual StateDictionary state_dict()
    {
        var state = new StateDictionary();
        foreach (var group in _groups)
        {
            state.Options.Add(group.Options);
            state.State.AddRange(group.Parameters.Select(parameter => _states[parameter]));
        }

        return state;
    }

    /// <summary>Copies another optimiser's options and state.</summary>
    /// <exception cref="ArgumentException">The numbers of groups or of parameters differ.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        CheckCounts(own, state_dict.Options.Count, state_dict.State.Count);
        for (var i = 0; i < own.Options.Count; i++)
            own.Options[i].LoadStateDict(state_dict.Options[i]);
        for (var i = 0; i < own.State.Count; i++)
            if (!ReferenceEquals(own.State[i], state_dict.State[i]))
                own.State[i].LoadStateDict(state_dict.State[i]);
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        var state = state_dict();
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt64(state.Options.Count);
        writer.Write7BitEncodedInt64(state.State.Count);
        foreach (var options in state.Options)
            options.SaveStateDict(writer);
        foreach (var parameterState in state.State)
            parameterState.SaveStateDict(writer);
    }

    /// <exception cref="InvalidDataException">The file is cut off, or holds another optimiser's state.</exception>
    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        try
        {
            load_state_dict(reader);
        }
        catch (Exception e) when (e is ArgumentException or EndOfStreamException or InvalidDataException)
        {
            throw new InvalidDataException($"{location} cannot be loaded into {GetType().Name}: {e.Message}", e);
        }
    }

    /// <exception cref="InvalidDataException">The stream holds another optimiser's state.</exception>
    /// <exception cref="ArgumentException">The numbers of groups or of parameters differ.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        var type = reader.ReadString();
        if (type != GetType().Name)
            throw new InvalidDataException($"The stream holds the state of {type}, not of {GetType().Name}.");
        var own = state_dict();
        CheckCounts(own, reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
        foreach (var options in own.Options)
            options.LoadStateDict(reader);
        foreach (var state in own.State)
            state.LoadStateDict(reader);
    }

    /// <summary>Moves the state to where the parameters have been moved.</summary>
    public void to(Device device)
    {
        foreach (var state in _states.Values)
            state.to(device);
    }

    /// <summary>Adds a group whose options are complete, and a state for each of its parameters.</summary>
    /// <exception cref="ArgumentException">A parameter is in the optimiser already.</exception>
    private protected void Add(ParamGroup group, Func<Parameter, OptimizerState> newState)
    {
        group.Parameters = [.. group.Parameters];
        group.InitialLearningRate = group.LearningRate;
        foreach (var parameter in group.Parameters)
            if (!_states.TryAdd(parameter, newState(parameter)))
                throw new ArgumentException("A parameter appears in the optimiser more than once.", nameof(group));
        _groups.Add(group);
    }

    /// <summary>Calls <paramref name="update"/> for every parameter that has a gradient, without recording.</summary>
    private protected Tensor? Step<TOptions, TState>(Func<Tensor>? closure, Action<Parameter, Tensor, TOptions, TState> update)
        where TOptions : OptimizerOptions
        where TState : OptimizerState
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var withGrad = enable_grad();
            loss = closure();
        }

        using var noGrad = no_grad();
        foreach (var group in _groups)
        {
            foreach (var parameter in group.Parameters)
            {
                using var gradient = parameter.grad;
                if (gradient is not null)
                    update(parameter, gradient, (TOptions)group.Options, (TState)_states[parameter]);
            }
        }

        return loss;
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var state in _states.Values)
            state.Dispose();
        _states.Clear();
    }

    private void CheckCounts(StateDictionary own, long groups, long parameters)
    {
        if (groups != own.Options.Count || parameters != own.State.Count)
            throw new ArgumentException(
                $"The optimiser has {own.Options.Count} groups and {own.State.Count} parameters, the state {groups} and {parameters}.");
    }
}
