using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Pretrained;
using Microsoft.AspNetCore.Mvc;

namespace Dashboard.Web.Api;

/// <summary>Makes RFC 7807 answers of the errors that callers can do something about: with every failure, by option.</summary>
internal static class ApiErrors
{
    public static async Task TranslateAsync(HttpContext context, Func<Task> next)
    {
        try
        {
            await next();
        }
        catch (Exception error) when (!context.Response.HasStarted && Describe(error) is { } problem)
        {
            await Results.Problem(problem).ExecuteAsync(context);
        }
    }

    private static ProblemDetails? Describe(Exception error) => error switch
    {
        InvalidRunException invalid => new HttpValidationProblemDetails(
            invalid.Failures.GroupBy(failure => failure.Option).ToDictionary(group => group.Key, group => group.Select(failure => failure.Message).ToArray()))
        {
            Status = StatusCodes.Status400BadRequest,
            Title = "The request cannot be carried out",
            Detail = invalid.Message,
        },
        BadHttpRequestException bad => new() { Status = bad.StatusCode, Title = "The request cannot be read", Detail = bad.InnerException is { } inner ? $"{bad.Message} {inner.Message}" : bad.Message },
        DatasetException data => new() { Status = StatusCodes.Status422UnprocessableEntity, Title = "The data set is not as it should be", Detail = data.Message },
        ModelException model => new() { Status = StatusCodes.Status422UnprocessableEntity, Title = "The model is not as it should be", Detail = model.Message },
        InferenceException { IsRefusal: true } refused => new() { Status = StatusCodes.Status422UnprocessableEntity, Title = "The request cannot be carried out", Detail = refused.Message },
        InferenceException inference => new() { Status = StatusCodes.Status500InternalServerError, Title = "The model could not be asked", Detail = inference.Message },
        IOException or UnauthorizedAccessException => new() { Status = StatusCodes.Status500InternalServerError, Title = "A file could not be read or written", Detail = error.Message },
        _ => null,
    };
}
