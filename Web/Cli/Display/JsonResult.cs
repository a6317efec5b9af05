using System.Text.Json;
using System.Text.Json.Serialization;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Display;

/// <summary>What <c>--json</c> prints. Its reader finds every name, also of what was not measured.</summary>
internal static class JsonResult
{
    private static readonly JsonSerializerOptions WithNulls = new(RunJson.Line) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    public static string Of<T>(T result) => JsonSerializer.Serialize(result, WithNulls);
}
