using Dashboard.Domain.Methods;

namespace Dashboard.Backend.Methods.Clims;

/// <summary>Options of the CLIMS losses. The defaults are those of the authors' later code (CVI-SZU/CLIMS, step/train_clims.py); what their camera-ready code has is named beside.</summary>
public sealed record ClimsLossOptions
{
    /// <summary>α. Camera-ready: 10.</summary>
    public double OtmWeight { get; init; } = 10;

    /// <summary>β. Camera-ready: 25.</summary>
    public double BtmWeight { get; init; } = 24;

    /// <summary>γ. Camera-ready: 29.5.</summary>
    public double CbsWeight { get; init; } = 1;

    /// <summary>δ. Camera-ready: 1.15.</summary>
    public double RegWeight { get; init; } = 0.2;

    /// <summary>Bounds of the cosines in OTM and BTM; no gradient flows beyond them. Null: none, as published and camera-ready, where a cosine of 0 or less makes OTM infinite or NaN.</summary>
    public (double Lowest, double Highest)? CosineBounds { get; init; } = (1e-4, 0.9999);

    /// <summary>Added in the logarithm of OTM and BTM; the authors' losses have it, at 0.</summary>
    public double Margin { get; init; }

    /// <summary>Factors of OTM and BTM by class. Empty: all 1. Camera-ready: 3 for sofa, diningtable and chair.</summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>θ: CBS counts only backgrounds whose cosine with the object's crop is above. Null: all, as published and camera-ready.</summary>
    public double? CbsThreshold { get; init; } = 0.26;

    /// <summary>Over a class's backgrounds. Camera-ready: mean.</summary>
    public ClimsReduction CbsOverBackgrounds { get; init; } = ClimsReduction.Sum;

    /// <summary>Over the batch's pairs, so that a sum grows with the number of tags.</summary>
    public ClimsReduction CbsOverPairs { get; init; } = ClimsReduction.Sum;

    /// <summary>Whether REG measures the present classes' maps only; otherwise absent classes' too.</summary>
    public bool RegOfPresentClasses { get; init; }

    /// <summary>Pairs whose crops go through the image tower at once, two crops a pair. Bounds memory; changes no value but its rounding.</summary>
    public int PairsAtOnce { get; init; } = 64;
}
