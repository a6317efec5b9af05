namespace Dashboard.Backend.Postprocess;

/// <summary>Unary energies, <c>[labels, pixels]</c>: the negative logarithms of label probabilities.</summary>
public static class DenseCrfUnary
{
    /// <summary>pydensecrf's <c>unary_from_softmax</c>: -ln(max(p, 1e-5)) after mixing with the uniform distribution.</summary>
    /// <param name="probabilities"><c>[labels, pixels]</c>, 0..1.</param>
    /// <param name="scale">The share of the probabilities in the mix, above 0 and at most 1; 1 takes them as they are.</param>
    /// <exception cref="ArgumentOutOfRangeException">Scale or labels out of range.</exception>
    public static float[] FromProbabilities(ReadOnlySpan<float> probabilities, int labels, float scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        if (scale is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale of the probabilities must be above 0 and at most 1.");
        var uniform = 1f / labels;
        var unary = new float[probabilities.Length];
        for (var i = 0; i < unary.Length; i++)
        {
            var probability = scale < 1 ? scale * probabilities[i] + (1 - scale) * uniform : probabilities[i];
            unary[i] = -MathF.Log(Math.Clamp(probability, 1e-5f, 1f));
        }

        return unary;
    }

    /// <summary>
    /// pydensecrf's <c>unary_from_labels</c>: a pixel's label has probability <paramref name="certainty"/>, the others share the rest;
    /// a pixel labelled <paramref name="unsure"/> leaves all labels alike.
    /// </summary>
    /// <param name="labelMap">One label a pixel, 0..labels-1 or <paramref name="unsure"/>.</param>
    /// <param name="labels">At least 2: one label alone leaves nothing to share the rest.</param>
    /// <param name="certainty">Above 0 and below 1 (the references' <c>gt_prob</c>).</param>
    /// <exception cref="ArgumentException">A pixel has another label: says which pixel.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Labels or certainty out of range.</exception>
    public static float[] FromLabels(ReadOnlySpan<byte> labelMap, int labels, double certainty = 0.7, byte? unsure = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 2);
        if (certainty is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(certainty), certainty, "The certainty of the labels must be above 0 and below 1.");
        var (assigned, other, alike) =
            ((float)-Math.Log(certainty), (float)-Math.Log((1 - certainty) / (labels - 1)), (float)-Math.Log(1.0 / labels));
        var pixels = labelMap.Length;
        var unary = new float[checked(labels * pixels)];
        Array.Fill(unary, other);
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var label = labelMap[pixel];
            if (label < labels && label != unsure)
                unary[label * pixels + pixel] = assigned;
            else if (label == unsure)
                for (var l = 0; l < labels; l++)
                    unary[l * pixels + pixel] = alike;
            else
                throw new ArgumentException($"Pixel {pixel} has label {label}, but there are {labels} labels.", nameof(labelMap));
        }

        return unary;
    }

    /// <summary>SimSeg's two labels, rest and class: -ln(1 - p + 1e-8) and -ln(p + 1e-8).</summary>
    /// <param name="foreground">Of the class, <c>[pixels]</c>, 0..1.</param>
    /// <returns><c>[2, pixels]</c>: 0 the rest, 1 the class.</returns>
    public static float[] FromForeground(ReadOnlySpan<float> foreground)
    {
        var pixels = foreground.Length;
        var unary = new float[checked(2 * pixels)];
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            unary[pixel] = -MathF.Log(1 - foreground[pixel] + 1e-8f);
            unary[pixels + pixel] = -MathF.Log(foreground[pixel] + 1e-8f);
        }

        return unary;
    }
}
