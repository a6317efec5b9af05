namespace Dashboard.Backend.Text;

/// <summary>A text has more tokens than the model's context holds.</summary>
public sealed class TextTooLongException : Exception
{
    public TextTooLongException(string text, int tokens, int contextLength)
        : base($"The text '{Excerpt(text)}' is too long for context length {contextLength}: it has {tokens} tokens besides its start and end, but "
            + $"only {contextLength - 2} fit. Shorten it.")
    {
    }

    private TextTooLongException(string message)
        : base(message)
    {
    }

    /// <summary>None of the sentences that a word is put into fits.</summary>
    /// <param name="context">Tokens that the model reads, start and end included.</param>
    /// <param name="tokens">Of the shortest sentence, start and end included.</param>
    public static TextTooLongException OfWord(string word, int sentences, int tokens, int context) => new(
        $"The word '{Excerpt(word)}' is too long for the model, which reads {context} tokens: "
        + $"{(sentences == 1 ? "its sentence has" : $"the shortest of its {sentences} sentences has")} {tokens}. "
        + "Shorten it, or the template.");

    private static string Excerpt(string text) => text.Length <= 60 ? text : $"{text[..30]} ... {text[^20..]}";
}
