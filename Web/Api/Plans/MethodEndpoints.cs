using System.Text.Json.Nodes;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Web.Api.Document;

namespace Dashboard.Web.Api.Plans;

/// <summary><c>/api/methods</c>: what can be launched, with which options.</summary>
internal static class MethodEndpoints
{
    public static void MapMethods(this RouteGroupBuilder api)
    {
        api.MapGet("/methods", () => MethodCatalog.All.Select(Describe))
            .Describe("All methods with their presets and options.");
        api.MapGet("/methods/{name}", (string name) =>
            MethodCatalog.Find(name) is { } method
                ? Results.Ok(Describe(method))
                : Results.Problem($"There is no method '{name}'.", statusCode: StatusCodes.Status404NotFound))
            .Describe("One method with its presets and options.", new Meaning("name", "The method's name, such as cam."))
            .Produces<MethodDescription>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static MethodDescription Describe(MethodDescriptor method) => new(
        method.Name,
        method.Title,
        method.Description,
        [.. method.Presets.Select(preset =>
            new PresetDescription(preset.Name, preset.Title, preset.Description, method.Schema.Write(preset.Options)))],
        [.. method.Schema.Fields.Select(field => new OptionDescription(
            field.Name, field.Group, field.Description, field.Kind, field.Unit, Finite(field.Min), Finite(field.Max), field.Choices, field.Default,
            field.IsPath, field.IsModel, field.Advanced))],
        method.Inputs,
        method.Ablation);

    private static double? Finite(double bound) => double.IsFinite(bound) ? bound : null;

    private sealed record MethodDescription(
        string Name, string Title, string Description, IReadOnlyList<PresetDescription> Presets, IReadOnlyList<OptionDescription> Options,
        IReadOnlyList<MethodInput> Inputs, IReadOnlyList<AblationVariant> Ablation);

    private sealed record PresetDescription(string Name, string Title, string Description, JsonObject Options);

    private sealed record OptionDescription(
        string Name, string Group, string Description, OptionKind Kind, string? Unit, double? Min, double? Max, IReadOnlyList<string> Choices,
        JsonNode? Default, bool IsPath, bool IsModel, bool Advanced);
}
