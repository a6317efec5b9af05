using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dashboard.Backend.Postprocess;

/// <summary>
/// Arithmetic on rows of values, one value a label. A row's stride is the number of labels rounded up to whole vectors:
/// vectors of 8, and at most one of 4 at the end.
/// </summary>
internal static class PixelRows
{
    public static int Stride(int labels) => (labels + 3) / 4 * 4;

    /// <summary>row += (sum over i of weights[i] * rows[indices[i]]) * factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddWeighted(float[] rows, ReadOnlySpan<int> indices, ReadOnlySpan<float> weights, float factor, int stride, Span<float> row)
    {
        ref var source = ref MemoryMarshal.GetArrayDataReference(rows);
        ref var target = ref MemoryMarshal.GetReference(row);
        ref var index = ref MemoryMarshal.GetReference(indices);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        nuint k = 0;

        // Three vectors at once: the 21 labels of VOC.
        for (; k + 24 <= (nuint)stride; k += 24)
        {
            var (first, second, third) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            for (var i = 0; i < indices.Length; i++)
            {
                ref var values = ref Unsafe.Add(ref source, (nuint)Unsafe.Add(ref index, i) * (nuint)stride + k);
                var w = Vector256.Create(Unsafe.Add(ref weight, i));
                first += Vector256.LoadUnsafe(ref values) * w;
                second += Vector256.LoadUnsafe(ref values, 8) * w;
                third += Vector256.LoadUnsafe(ref values, 16) * w;
            }

            (Vector256.LoadUnsafe(ref target, k) + first * factor).StoreUnsafe(ref target, k);
            (Vector256.LoadUnsafe(ref target, k + 8) + second * factor).StoreUnsafe(ref target, k + 8);
            (Vector256.LoadUnsafe(ref target, k + 16) + third * factor).StoreUnsafe(ref target, k + 16);
        }

        for (; k + 8 <= (nuint)stride; k += 8)
        {
            var sum = Vector256<float>.Zero;
            for (var i = 0; i < indices.Length; i++)
                sum += Vector256.LoadUnsafe(ref source, (nuint)Unsafe.Add(ref index, i) * (nuint)stride + k) * Unsafe.Add(ref weight, i);
            (Vector256.LoadUnsafe(ref target, k) + sum * factor).StoreUnsafe(ref target, k);
        }

        if (k < (nuint)stride)
        {
            var sum = Vector128<float>.Zero;
            for (var i = 0; i < indices.Length; i++)
                sum += Vector128.LoadUnsafe(ref source, (nuint)Unsafe.Add(ref index, i) * (nuint)stride + k) * Unsafe.Add(ref weight, i);
            (Vector128.LoadUnsafe(ref target, k) + sum * factor).StoreUnsafe(ref target, k);
        }
    }

    /// <summary>target[index] = rows[index] + (rows[one] + rows[other]) / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blur(float[] rows, int index, int one, int other, int stride, float[] target)
    {
        ref var source = ref MemoryMarshal.GetArrayDataReference(rows);
        ref var result = ref MemoryMarshal.GetArrayDataReference(target);
        var (at, first, second) = ((nuint)index * (nuint)stride, (nuint)one * (nuint)stride, (nuint)other * (nuint)stride);
        nuint k = 0;
        for (; k + 8 <= (nuint)stride; k += 8)
            (Vector256.LoadUnsafe(ref source, at + k) + (
                Vector256.LoadUnsafe(ref source, first + k) + Vector256.LoadUnsafe(ref source, second + k)) * 0.5f).StoreUnsafe(ref result, at + k);
        if (k < (nuint)stride)
            (Vector128.LoadUnsafe(ref source, at + k) + (
                Vector128.LoadUnsafe(ref source, first + k) + Vector128.LoadUnsafe(ref source, second + k)) * 0.5f).StoreUnsafe(ref result, at + k);
    }

    /// <summary>target = softmax(row), with the maximum taken off first; what -infinity fills up gets 0.</summary>
    public static void Softmax(ReadOnlySpan<float> row, Span<float> target)
    {
        ref var source = ref MemoryMarshal.GetReference(row);
        ref var result = ref MemoryMarshal.GetReference(target);
        var wide = (nuint)row.Length & ~7u;
        var narrow = wide < (nuint)row.Length;
        var rest = Vector256.Create(float.NegativeInfinity);
        if (narrow)
            rest = rest.WithLower(Vector128.LoadUnsafe(ref source, wide));

        var largest = rest;
        for (nuint k = 0; k < wide; k += 8)
            largest = Vector256.Max(largest, Vector256.LoadUnsafe(ref source, k));
        var pairs = Vector128.Max(largest.GetLower(), largest.GetUpper());
        pairs = Vector128.Max(pairs, Vector128.Shuffle(pairs, Vector128.Create(2, 3, 0, 1)));
        largest = Vector256.Create(Math.Max(pairs[0], pairs[1]));

        rest = Exponential(rest - largest);
        var sum = rest;
        for (nuint k = 0; k < wide; k += 8)
        {
            var exponentials = Exponential(Vector256.LoadUnsafe(ref source, k) - largest);
            exponentials.StoreUnsafe(ref result, k);
            sum += exponentials;
        }

        var normaliser = 1 / Vector256.Sum(sum);
        for (nuint k = 0; k < wide; k += 8)
            (Vector256.LoadUnsafe(ref result, k) * normaliser).StoreUnsafe(ref result, k);
        if (narrow)
            (rest.GetLower() * normaliser).StoreUnsafe(ref result, wide);
    }

    /// <summary>
    /// e^x for x at most 0, within two units in the last place; 0 below -87. A step per pixel, label and iteration:
    /// several times as fast as Vector256.Exp, which goes through double, and the same on every processor.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exponential(Vector256<float> x)
    {
        // e^x = 2^n e^f with |f| at most ln(2) / 2, ln(2) taken off in two parts; e^f by Taylor's series.
        var n = Vector256.Round(x * 1.44269504f);
        var f = x - n * 0.693359375f + n * 2.12194440e-4f;
        var series = Vector256.Create(1f / 5040);
        series = Vector256.FusedMultiplyAdd(series, f, Vector256.Create(1f / 720));
        series = Vector256.FusedMultiplyAdd(series, f, Vector256.Create(1f / 120));
        series = Vector256.FusedMultiplyAdd(series, f, Vector256.Create(1f / 24));
        series = Vector256.FusedMultiplyAdd(series, f, Vector256.Create(1f / 6));
        series = Vector256.FusedMultiplyAdd(series, f, Vector256.Create(0.5f));
        series = Vector256.FusedMultiplyAdd(series, f, Vector256<float>.One);
        series = Vector256.FusedMultiplyAdd(series, f, Vector256<float>.One);
        var power = (Vector256.ConvertToInt32Native(n) + Vector256.Create(127)) << 23;
        return Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256.Create(-87f)), series * power.AsSingle(), Vector256<float>.Zero);
    }

    /// <summary>
    /// Minus <c>[labels, pixels]</c> to <c>[pixels, stride]</c>; what fills up the stride is -infinity, so that <see cref="Softmax"/> gives it 0.
    /// </summary>
    public static float[] Negate(float[] planes, int labels, int pixels, int threads)
    {
        var stride = Stride(labels);
        var rows = GC.AllocateUninitializedArray<float>(pixels * stride);
        Ranges.Run(pixels, threads, (from, to) =>
        {
            for (var pixel = from; pixel < to; pixel++)
            {
                for (var label = 0; label < labels; label++)
                    rows[pixel * stride + label] = -planes[label * pixels + pixel];
                rows.AsSpan(pixel * stride + labels, stride - labels).Fill(float.NegativeInfinity);
            }
        });
        return rows;
    }

    /// <summary><c>[pixels, stride]</c> to <c>[labels, pixels]</c>.</summary>
    public static float[] ToPlanes(float[] rows, int labels, int pixels, int threads)
    {
        var stride = Stride(labels);
        var planes = GC.AllocateUninitializedArray<float>(labels * pixels);
        Ranges.Run(pixels, threads, (from, to) =>
        {
            for (var pixel = from; pixel < to; pixel++)
                for (var label = 0; label < labels; label++)
                    planes[label * pixels + pixel] = rows[pixel * stride + label];
        });
        return planes;
    }
}
