namespace Dashboard.Domain.Methods.Schema;

/// <summary>A value that people expect among an option's choices, and why it is not there.</summary>
/// <param name="reason">Sentences that say why, and what to choose instead.</param>
[AttributeUsage(AttributeTargets.Enum, AllowMultiple = true)]
public sealed class RefusedChoiceAttribute(string value, string reason) : Attribute
{
    public string Value { get; } = value;

    public string Reason { get; } = reason;
}
