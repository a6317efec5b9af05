namespace Dashboard.Backend.Text;

/// <summary>A text has more tokens than the model's context holds.</summary>
public sealed class TextTooLongException(string text, int tokens, int contextLength) : Exception(
    $"The text '{Excerpt(text)}' is too long for context length {contextLength}: it has {tokens} tokens beside its start and end, {contextLength - 2} fit. Shorten it.")
{
    private static string Excerpt(string text) => text.Length <= 60 ? text : $"{text[..30]} ... {text[^20..]}";
}
