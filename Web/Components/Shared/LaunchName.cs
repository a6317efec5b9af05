using Dashboard.Domain.Pipelines;

namespace Dashboard.Web.Components.Shared;

/// <summary>What runs that were launched together are called. The group itself is named by kind and time: "wsss-20260101-120000-1f2e".</summary>
public static class LaunchName
{
    /// <summary>"Tags to masks · 1f2e", "Sweep · 1f2e"; a group that somebody named himself stays as it is.</summary>
    public static string Of(string group) =>
        PipelineOf(group) is { } pipeline ? $"{pipeline.Title} · {Last(group)}"
        : IsAblation(group) ? $"Ablation · {Last(group)}"
        : IsSweep(group) ? $"Sweep · {Last(group)}"
        : group;

    /// <summary>The page of the launch: its own, or the comparison of its runs.</summary>
    public static string AddressOf(string group) => Uri.EscapeDataString(group) is var name && PipelineOf(group) is not null ? $"pipeline/{name}"
        : IsSweep(group) ? $"sweep/{name}"
        : $"compare/runs?group={name}";

    public static Pipeline? PipelineOf(string group) => PipelineCatalog.All.FirstOrDefault(pipeline => IsMadeAs(pipeline.Name, group));

    public static bool IsAblation(string group) => IsMadeAs("ablation", group);

    public static bool IsSweep(string group) => IsMadeAs("sweep", group);

    /// <summary>The letters that tell launches of one kind apart.</summary>
    public static string Last(string group) => group[(group.LastIndexOf('-') + 1)..];

    private static bool IsMadeAs(string prefix, string group) =>
        group.StartsWith(prefix + "-", StringComparison.Ordinal) && group.Length == prefix.Length + "-20260101-120000-1f2e".Length;
}
