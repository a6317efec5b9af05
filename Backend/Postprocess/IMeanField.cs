namespace Dashboard.Backend.Postprocess;

/// <summary>Mean-field inference over one image (Krähenbühl and Koltun 2011, algorithm 1), its filters built once.</summary>
internal interface IMeanField : IDisposable
{
    /// <param name="unary"><c>[labels, pixels]</c>, energies.</param>
    /// <param name="iterations">0: softmax(-U).</param>
    /// <returns>Q, <c>[labels, pixels]</c>.</returns>
    float[] Marginals(float[] unary, int labels, int iterations);

    /// <summary>The label of the largest marginal of each pixel, the first among equals.</summary>
    /// <inheritdoc cref="Marginals"/>
    byte[] Labels(float[] unary, int labels, int iterations);
}
