using System.Numerics;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>Implicit shapes in object space: u to the right, v down, the object about within -1..1.</summary>
internal static class Shapes
{
    public delegate bool Shape(float u, float v);

    public static Shape Ellipse(float centreU, float centreV, float radiusU, float radiusV) => (u, v) =>
    {
        var (du, dv) = ((u - centreU) / radiusU, (v - centreV) / radiusV);
        return du * du + dv * dv < 1;
    };

    public static Shape Box(float left, float top, float right, float bottom) => (u, v) => u > left && u < right && v > top && v < bottom;

    /// <summary>A convex polygon; its corners in order, either way round.</summary>
    public static Shape Polygon(params Vector2[] corners)
    {
        // A half plane n·p >= d an edge, its normal pointing inwards whichever way round the corners go.
        var edges = new (Vector2 Normal, float Offset)[corners.Length];
        var area = 0f;
        for (var i = 0; i < corners.Length; i++)
        {
            var (from, to) = (corners[i], corners[(i + 1) % corners.Length]);
            var normal = new Vector2(from.Y - to.Y, to.X - from.X);
            edges[i] = (normal, Vector2.Dot(normal, from));
            area += from.X * to.Y - to.X * from.Y;
        }
        var sign = area > 0 ? 1 : -1;
        return (u, v) =>
        {
            var point = new Vector2(u, v);
            foreach (var (normal, offset) in edges)
            {
                if (sign * (Vector2.Dot(normal, point) - offset) < 0)
                    return false;
            }
            return true;
        };
    }
}
