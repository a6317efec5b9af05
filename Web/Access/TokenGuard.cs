using Dashboard.Backend.Runs;


namespace Dashboard.Web.Access;

/// <summary>
/// Asks for the token on every request, pages, hub and circuit included: as <c>Authorization: Bearer</c>, or as the cookie
/// that <c>/login?token=...</c> exchanges it for; but for links to a report, which carry a token of their own. Asks nothing while
/// only this machine can connect.
/// </summary>
public sealed class TokenGuard(RequestDelegate next, Reach reach, DataFolder data)
{
    /// <summary>Set in <see cref="HttpContext.Items"/> for a request that carries the token as a bearer: no browser sends that unasked.</summary>
    public const string BearerKey = "dashboard.bearer";

    private const string Scheme = "Bearer ";

    private readonly Lazy<AccessToken> _token = new(() => AccessToken.LoadOrCreate(data.Path));

    public async Task InvokeAsync(HttpContext context) =>
        await (await reach.NeedsTokenAsync(context) ? GuardAsync(context, _token.Value) : next(context));

    private Task GuardAsync(HttpContext context, AccessToken token)
    {
        var request = context.Request;
        if (request.Path == "/login" && HttpMethods.IsGet(request.Method))
            return LogInAsync(context, token);

        if (RunShares.IsAddress(request))
            return next(context);

        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && token.Matches(authorization[Scheme.Length..].Trim()))
        {
            context.Items[BearerKey] = true;
            return next(context);
        }
        if (token.Matches(request.Cookies[CookieName(request)]))
            return next(context);

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Refusal.WriteAsync(context, StatusCodes.Status401Unauthorized, "Access token needed",
            "Open the address with ?token=... that the dashboard printed when it started (the token is in the file 'token' of its data folder). "
            + "Programs send it as 'Authorization: Bearer TOKEN'.");
    }

    private static Task LogInAsync(HttpContext context, AccessToken token)
    {
        if (!token.Matches(context.Request.Query["token"].ToString()))
            return Refusal.WriteAsync(context, StatusCodes.Status401Unauthorized, "This token is not valid",
                "Open the complete address that the dashboard printed when it was last started.");
        context.Response.Cookies.Append(CookieName(context.Request), token.Value, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = "/",
            MaxAge = TimeSpan.FromDays(90),
        });
        context.Response.Redirect("/");
        return Task.CompletedTask;
    }

    /// <summary>Cookies know no ports: two dashboards on one machine keep theirs apart by name.</summary>
    private static string CookieName(HttpRequest request) => $"dashboard-{request.Host.Port ?? 80}";
}
