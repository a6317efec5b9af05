using Dashboard.Domain.Methods.Seeds;

using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Clims;

/// <summary>The four losses of a batch, not weighted, and their weighted sum: scalars on the device. Without any tag all but REG are 0.</summary>
public sealed record ClimsTerms(Tensor Otm, Tensor Btm, Tensor Cbs, Tensor Reg, Tensor Total)
{
    /// <summary>L = α L_OTM + β L_BTM + γ L_CBS + δ L_REG.</summary>
    public ClimsTerms(Tensor otm, Tensor btm, Tensor cbs, Tensor reg, ClimsOptions weights)
        : this(otm, btm, cbs, reg, weights.OtmWeight * otm + weights.BtmWeight * btm + weights.CbsWeight * cbs + weights.RegWeight * reg)
    {
    }

    /// <summary>The names and values of a run's curves: the total, the terms, and each weighted term's share of the total.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Curves(ClimsOptions weights)
    {
        (string Name, double Weight, Tensor Value)[] terms =
            [("OTM", weights.OtmWeight, Otm), ("BTM", weights.BtmWeight, Btm), ("CBS", weights.CbsWeight, Cbs), ("REG", weights.RegWeight, Reg)];
        return
        [
            ("loss", Total),
            .. terms.Select(term => ($"loss term/{term.Name}", term.Value)),
            .. terms.Select(term => ($"loss share/{term.Name}", Share(term.Weight * term.Value))),
        ];
    }

    public ClimsTerms MoveToOuterDisposeScope()
    {
        foreach (var term in (Tensor[])[Otm, Btm, Cbs, Reg, Total])
            term.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>Of a total of 0 every share is 0.</summary>
    private Tensor Share(Tensor weighted) => weighted / (Total + Total.eq(0));
}
