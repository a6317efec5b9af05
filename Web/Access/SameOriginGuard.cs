namespace Dashboard.Web.Access;

/// <summary>
/// Refuses what a page of another site makes the browser send: requests that change something, and web sockets (which no CORS rule protects).
/// Programs that send neither Origin nor Sec-Fetch-Site are not browsers and send no cookie unasked.
/// </summary>
public sealed class SameOriginGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!NeedsProof(context) || IsSameOrigin(context.Request))
            return next(context);
        return Refusal.WriteAsync(context, StatusCodes.Status403Forbidden, "Refused: the request comes from another site",
            "Requests that change something must come from the dashboard's own pages, or carry the access token as a bearer.");
    }

    private static bool NeedsProof(HttpContext context)
    {
        if (context.Items.ContainsKey(TokenGuard.BearerKey))
            return false;
        var method = context.Request.Method;
        var changesNothing = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        return !changesNothing || context.WebSockets.IsWebSocketRequest || context.Request.Headers.Upgrade.Count > 0;
    }

    private static bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none"))
            return false;
        var origin = request.Headers.Origin.ToString();
        return origin == "" || origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
