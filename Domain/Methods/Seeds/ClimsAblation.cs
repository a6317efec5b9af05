namespace Dashboard.Domain.Methods.Seeds;

/// <summary>The ablation of CLIMS's paper: its losses, one added after the other, each with the weight that it has in the full method.</summary>
public static class ClimsAblation
{
    private const string Btm = "btmWeight", Cbs = "cbsWeight", Reg = "regWeight";

    public static IReadOnlyList<AblationVariant> Variants { get; } =
    [
        new("OTM", [Btm, Reg, Cbs]),
        new("OTM+BTM", [Reg, Cbs]),
        new("OTM+BTM+REG", [Cbs]),
        new("OTM+BTM+REG+CBS", []),
    ];
}
