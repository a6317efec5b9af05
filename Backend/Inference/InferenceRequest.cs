using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dashboard.Backend.Inference;

/// <summary>
/// What the inference process can be asked: one record and one handler a request, both entered in <see cref="InferenceHandlers"/> and here.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "request")]
[JsonDerivedType(typeof(SelfTestRequest), "selfTest")]
[JsonDerivedType(typeof(PromptCheckRequest), "promptCheck")]
[JsonDerivedType(typeof(SegmentRequest), "segment")]
[JsonDerivedType(typeof(PredictRequest), "predict")]
[JsonDerivedType(typeof(ActivationsRequest), "activations")]
public abstract record InferenceRequest;

/// <summary>A request that is answered with a <typeparamref name="TAnswer"/>.</summary>
public abstract record InferenceRequest<TAnswer> : InferenceRequest;

/// <summary>
/// What comes back: <see cref="Begun"/> when the request's turn has come, then an answer or an error. Requests and replies are one JSON object a
/// line.
/// </summary>
/// <param name="IsRefusal">The error is the request's own: asked again, it would be the same.</param>
internal sealed record InferenceReply(JsonElement? Answer, string? Error, bool IsRefusal = false)
{
    /// <summary>Without it, a request has done nothing yet, and may be put to another process.</summary>
    public static InferenceReply Begun { get; } = new(null, null);
}

/// <summary>A request failed. The message is for people: it names the model or file at fault, and says what to do.</summary>
public sealed class InferenceException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The image, the model or the names are not as they should be; the process is well.</summary>
    public bool IsRefusal { get; init; }
}
