using System.Text.Json;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Inference;

/// <summary>Who answers what.</summary>
internal static class InferenceHandlers
{
    /// <summary>Runs a request to its end; one at a time, for the models are not shared between threads.</summary>
    /// <param name="stop">The caller no longer waits for the answer. Looked at by what may take long.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static JsonElement Answer(InferenceRequest request, LoadedModels models, CancellationToken stop) => request switch
    {
        SelfTestRequest selfTest => Json(SelfTestHandler.Answer(selfTest, models)),
        SegmentRequest segment => Json(SegmentHandler.Answer(segment, models, stop)),
        PredictRequest predict => Json(PredictHandler.Answer(predict, models)),
        ActivationsRequest activations => Json(ActivationsHandler.Answer(activations, models)),
        PromptCheckRequest promptCheck => Json(PromptCheckHandler.Answer(promptCheck, models)),
        _ => throw new InferenceException($"The inference process does not know the request {request.GetType().Name}."),
    };

    private static JsonElement Json<T>(T answer) => JsonSerializer.SerializeToElement(answer, RunJson.Line);
}
