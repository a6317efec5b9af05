using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// Potential Object Mining (NSROM, section 3.4, equations 5 to 7; classification/gen_label.py): background where a class's CAM is as active as on the
/// object itself may be object, and is left undecided. It adds no object pixels. Works on any labels and maps, not only on NSROM's.
/// </summary>
public static class PotentialObjectMining
{
    /// <summary>
    /// T_c: the median of the CAM over the pixels that have the class (MED); where there is none, the median of what is above the median of the CAM's
    /// values above
    /// <paramref name="threshold"/> (TQ).
    /// </summary>
    /// <param name="labels">Changed in place: background above T_c becomes undecided.</param>
    /// <param name="k">The class, 0-based.</param>
    /// <param name="cam">0..1, <c>[Height, Width]</c>.</param>
    /// <param name="threshold">T_bg, 0.3 in NSROM.</param>
    public static void Apply(LabelMap labels, int k, float[] cam, float threshold = 0.3f)
    {
        var T = Threshold(labels, k, cam, threshold);
        for (var i = 0; i < cam.Length; i++)
            if (labels.Labels[i] == LabelMap.Background && cam[i] > T)
                labels.Labels[i] = LabelMap.Ignore;
    }

    private static float Threshold(LabelMap labels, int k, float[] cam, float threshold)
    {
        var onObject = cam.Where((_, i) => labels.Labels[i] == k + 1).ToArray();
        if (onObject.Any(value => value > 0))
            return Median(onObject);
        var active = cam.Where(value => value > threshold).ToArray();
        if (active.Length == 0)
            return 1;
        var median = Median(active);
        var upper = cam.Where(value => value > median).ToArray();
        return upper.Length == 0 ? 1 : Median(upper);
    }

    /// <summary>The mean of the two in the middle, where there are two.</summary>
    private static float Median(float[] values)
    {
        Array.Sort(values);
        var half = values.Length / 2;
        return values.Length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }
}
