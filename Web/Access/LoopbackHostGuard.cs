namespace Dashboard.Web.Access;

/// <summary>
/// Refuses requests under a foreign host name while the server is open to this machine without a token:
/// a page whose name was rebound to 127.0.0.1 could otherwise read everything.
/// </summary>
public sealed class LoopbackHostGuard(RequestDelegate next, Reach reach)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (await reach.NeedsTokenAsync(context) || ListenAddresses.IsLoopback(context.Request.Host.Host))
            await next(context);
        else
            await Refusal.WriteAsync(context, StatusCodes.Status421MisdirectedRequest, "This name is not served",
                "The dashboard listens on this machine only and answers to localhost or 127.0.0.1. To reach it under another name, start it with "
                + "--urls; it then asks for a token.");
    }
}
