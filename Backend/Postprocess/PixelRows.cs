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
        nuint k = 0;
        for (; k + 8 <= (nuint)stride; k += 8)
        {
            var sum = Vector256<float>.Zero;
            for (var i = 0; i < indices.Length; i++)
                sum += Vector256.LoadUnsafe(ref source, (nuint)indices[i] * (nuint)stride + k) * weights[i];
            (Vector256.LoadUnsafe(ref target, k) + sum * factor).StoreUnsafe(ref target, k);
        }

        if (k < (nuint)stride)
        {
            var sum = Vector128<float>.Zero;
            for (var i = 0; i < indices.Length; i++)
                sum += Vector128.LoadUnsafe(ref source, (nuint)indices[i] * (nuint)stride + k) * weights[i];
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
            (Vector256.LoadUnsafe(ref source, at + k) + (Vector256.LoadUnsafe(ref source, first + k) + Vector256.LoadUnsafe(ref source, second + k)) * 0.5f).StoreUnsafe(ref result, at + k);
        if (k < (nuint)stride)
            (Vector128.LoadUnsafe(ref source, at + k) + (Vector128.LoadUnsafe(ref source, first + k) + Vector128.LoadUnsafe(ref source, second + k)) * 0.5f).StoreUnsafe(ref result, at + k);
    }

    /// <summary>target = softmax(row), with the maximum taken off first; a label of -infinity gets 0. The row is overwritten.</summary>
    public static void Softmax(Span<float> row, Span<float> target)
    {
        ref var source = ref MemoryMarshal.GetReference(row);
        ref var result = ref MemoryMarshal.GetReference(target);
        var maximum = float.NegativeInfinity;
        foreach (var value in row)
            maximum = Math.Max(maximum, value);
        var sum = 0f;
        for (nuint k = 0; k < (nuint)row.Length; k += 4)
        {
            var exponentials = Vector128.Exp(Vector128.LoadUnsafe(ref source, k) - Vector128.Create(maximum));
            exponentials.StoreUnsafe(ref result, k);
            sum += Vector128.Sum(exponentials);
        }

        for (nuint k = 0; k < (nuint)row.Length; k += 4)
            (Vector128.LoadUnsafe(ref result, k) / sum).StoreUnsafe(ref result, k);
    }

    /// <summary><c>[labels, pixels]</c> times factor to <c>[pixels, stride]</c>; the labels that fill up the stride get <paramref name="padding"/>.</summary>
    public static float[] FromPlanes(ReadOnlySpan<float> planes, int labels, int pixels, float factor, float padding)
    {
        var stride = Stride(labels);
        var rows = GC.AllocateUninitializedArray<float>(checked(pixels * stride));
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            for (var label = 0; label < labels; label++)
                rows[pixel * stride + label] = planes[label * pixels + pixel] * factor;
            rows.AsSpan(pixel * stride + labels, stride - labels).Fill(padding);
        }

        return rows;
    }

    /// <summary><c>[pixels, stride]</c> to <c>[labels, pixels]</c>.</summary>
    public static float[] ToPlanes(float[] rows, int labels, int pixels)
    {
        var stride = Stride(labels);
        var planes = GC.AllocateUninitializedArray<float>(labels * pixels);
        for (var pixel = 0; pixel < pixels; pixel++)
            for (var label = 0; label < labels; label++)
                planes[label * pixels + pixel] = rows[pixel * stride + label];
        return planes;
    }
}
