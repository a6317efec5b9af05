using Microsoft.AspNetCore.Http.Features;

namespace Dashboard.Web.Api.Requests;

/// <summary>
/// What a catch-all parameter matched, as its sender meant it: every escape undone, once. Routing leaves <c>%2F</c> as it is, and takes "." and ".."
/// away, so that a metric called <c>epoch/loss</c> could not be asked for as every client writes it.
/// </summary>
/// <param name="Text">Never a path until it has been held against what there is.</param>
internal readonly record struct RestOfPath(string Text)
{
    /// <summary>Called by ASP.NET.</summary>
    public static ValueTask<RestOfPath> BindAsync(HttpContext context)
    {
        var pattern = ((RouteEndpoint)context.GetEndpoint()!).RoutePattern;
        var before = pattern.PathSegments.Count - 1;
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = target.Split('?')[0];
        var rest = path.Split('/', before + 2);
        return ValueTask.FromResult(new RestOfPath(path.StartsWith('/') && rest.Length == before + 2
            ? Uri.UnescapeDataString(rest[^1])
            : context.GetRouteValue(pattern.Parameters[^1].Name)?.ToString() ?? ""));
    }
}
