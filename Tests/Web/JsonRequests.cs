using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

/// <summary>What the API answers, as JSON.</summary>
internal static class JsonRequests
{
    /// <param name="body">Null: none.</param>
    public static async Task<JsonObject> PostJsonAsync(this HttpClient client, string address, JsonObject? body,
        HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await client.PostAsync(address, body is null ? null : JsonContent.Create(body.DeepClone()));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>What stands at an address, once its state is the one that is waited for.</summary>
    public static async Task<JsonObject> UntilAsync(this HttpClient client, string address, string state)
    {
        JsonObject report = [];
        await TemporaryData.Until(
            () => (string?)(report = client.GetFromJsonAsync<JsonObject>(address).Result!)["state"] == state, $"{address} to be {state}");
        return report;
    }
}
