namespace Dashboard.Backend.Weights.Pickle;

/// <summary>The values a pickle works on. Marks begin groups; nothing below the last mark is reached before its group is taken.</summary>
internal sealed class PickleStack
{
    private readonly List<object?> _values = [];
    private readonly List<int> _marks = [];

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    public void Push(object? value) => _values.Add(value);

    public void Mark() => _marks.Add(_values.Count);

    public object? Peek() => _values.Count > Floor ? _values[^1] : throw TooFew();

    /// <param name="what">What it must be, for the message.</param>
    public T Peek<T>(string what) where T : class => Peek() as T ?? throw new PickleException($"an entry for what is not {what}");

    public object? Pop()
    {
        var value = Peek();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    /// <summary>In the order in which they were pushed.</summary>
    public object?[] Pop(int count)
    {
        if (_values.Count - Floor < count)
            throw TooFew();
        var values = _values[^count..].ToArray();
        _values.RemoveRange(_values.Count - count, count);
        return values;
    }

    public object?[] PopGroup()
    {
        if (_marks.Count == 0)
            throw new PickleException("the end of a group that was not begun");
        var values = Pop(_values.Count - Floor);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private static PickleException TooFew() => new("an opcode that needs more values than there are");
}
