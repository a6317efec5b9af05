namespace Dashboard.Backend.Methods.Clims;

/// <summary>The four losses of a batch, not weighted, and their weighted sum.</summary>
/// <param name="Pairs">M, the (image, class) pairs; without any, all but REG are 0.</param>
public readonly record struct ClimsTerms(double Otm, double Btm, double Cbs, double Reg, double Total, long Pairs);
