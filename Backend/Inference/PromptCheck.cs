namespace Dashboard.Backend.Inference;

/// <summary>How close a model thinks classes and their co-occurring backgrounds are, before anything is trained with them.</summary>
/// <param name="Model">A name, or a path.</param>
/// <param name="Template">Sentence of a prompt; <c>{}</c> stands for the word.</param>
/// <param name="Backgrounds">Of all classes.</param>
/// <param name="ClassBackgrounds">Of single classes, by the class's name.</param>
public sealed record PromptCheckRequest(
    string Model,
    string Template,
    IReadOnlyList<PromptClass> Classes,
    IReadOnlyList<string> Backgrounds,
    IReadOnlyDictionary<string, IReadOnlyList<string>> ClassBackgrounds) : InferenceRequest<PromptCheckReport>;

/// <param name="Words">One prompt each; their features are averaged.</param>
public sealed record PromptClass(string Name, IReadOnlyList<string> Words);

/// <param name="Prompts">Every prompt once, classes first.</param>
/// <param name="ContextLength">Tokens that the model reads, start and end included.</param>
/// <param name="Backgrounds">Shared ones first, every one once.</param>
/// <param name="Related"><c>[K][J]</c>: whether the background counts for the class.</param>
/// <param name="ClassBackground">Cosines <c>[K][J]</c>; null where a prompt is too long.</param>
/// <param name="ClassClass">Cosines <c>[K][K]</c>; null where a prompt is too long.</param>
public sealed record PromptCheckReport(
    string Model,
    IReadOnlyList<CheckedPrompt> Prompts,
    int ContextLength,
    IReadOnlyList<string> Classes,
    IReadOnlyList<string> Backgrounds,
    IReadOnlyList<IReadOnlyList<bool>> Related,
    IReadOnlyList<IReadOnlyList<double?>> ClassBackground,
    IReadOnlyList<IReadOnlyList<double?>> ClassClass);

/// <param name="Word">What the template was filled with.</param>
/// <param name="Tokens">Start and end included.</param>
public sealed record CheckedPrompt(string Text, string Word, int Tokens, bool IsTooLong);
