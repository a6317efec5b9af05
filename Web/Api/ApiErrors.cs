using System.Text.Json;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Files;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Web.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Dashboard.Web.Api;

/// <summary>
/// Turns errors into RFC 7807 answers: those that callers can do something about with every failure, by option; all others with one sentence, and
/// their details go to the log.
/// </summary>
internal static class ApiErrors
{
    public static async Task TranslateAsync(HttpContext context, Func<Task> next)
    {
        try
        {
            RequireKnownCharset(context.Request);
            await next();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client no longer waits for the answer.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            await Results.Problem(Describe(error) ?? Unexpected(context, error)).ExecuteAsync(context);
        }
    }

    /// <summary>Readers of bodies fail on others, each in its own way.</summary>
    private static void RequireKnownCharset(HttpRequest request)
    {
        if (request.GetTypedHeaders().ContentType?.Charset.Value is { Length: > 0 } charset
            && charset.Trim('"').ToLowerInvariant() is not ("utf-8" or "utf8" or "us-ascii"))
            throw new BadHttpRequestException($"The body is said to be in the character set '{Shown.Text(charset)}'. Send it as UTF-8.",
                StatusCodes.Status415UnsupportedMediaType);
    }

    private static ProblemDetails Unexpected(HttpContext context, Exception error)
    {
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Dashboard.Web.Api").LogError(
            error, "{Method} {Path} failed unexpectedly, request {Id}: {Reason}", context.Request.Method, context.Request.Path,
            context.TraceIdentifier, error.Message);
        return new()
        {
            Status = StatusCodes.Status500InternalServerError,
            Title = "The dashboard failed unexpectedly",
            Detail =
                $"This is a fault of the dashboard, not of the request. Its log, logs/dashboard.log in the data folder, has the details under "
                + $"{context.TraceIdentifier}.",
        };
    }

    private static ProblemDetails? Describe(Exception error) => error switch
    {
        InvalidRunException invalid => (ProblemDetails)new HttpValidationProblemDetails(
            invalid.Failures.GroupBy(failure => failure.Option)
                .ToDictionary(group => group.Key, group => group.Select(failure => failure.Message).ToArray()))
        {
            Status = StatusCodes.Status400BadRequest,
            Title = "The request cannot be carried out",
            Detail = invalid.Message,
        },
        BadHttpRequestException bad => new()
        {
            Status = bad.StatusCode,
            Title = "The request cannot be read",
            Detail = RequestFault.Describe(bad),
        },
        JsonException json =>
            new() { Status = StatusCodes.Status400BadRequest, Title = "The request cannot be read", Detail = Shown.Text(json.Message, 2000) },
        _ when DiskFull.Is(error) =>
            new() { Status = StatusCodes.Status507InsufficientStorage, Title = "The disk is full",
                Detail = $"{error.Message} Free some space, then try again." },
        DatasetException data =>
            new() { Status = StatusCodes.Status422UnprocessableEntity, Title = "The data set is not as it should be", Detail = data.Message },
        ModelException model =>
            new() { Status = StatusCodes.Status422UnprocessableEntity, Title = "The model is not as it should be", Detail = model.Message },
        InferenceException { IsRefusal: true } refused =>
            new() { Status = StatusCodes.Status422UnprocessableEntity, Title = "The request cannot be carried out", Detail = refused.Message },
        InferenceException inference =>
            new() { Status = StatusCodes.Status500InternalServerError, Title = "The model could not answer", Detail = inference.Message },
        IOException or UnauthorizedAccessException =>
            new() { Status = StatusCodes.Status500InternalServerError, Title = "A file could not be read or written", Detail = error.Message },
        _ => null,
    };
}
