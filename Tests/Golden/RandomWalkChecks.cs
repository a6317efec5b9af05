using System.Globalization;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Irn;
using Dashboard.Backend.Methods.Psa;
using Dashboard.Backend.Postprocess.RandomWalk;
using static TorchSharp.torch;

namespace Dashboard.Tests.Golden;

/// <summary>Pairs, affinities and the walk over them, against the dense matrices of IRN and PSA.</summary>
public static class RandomWalkChecks
{
    [GoldenCheck("random-walk", "path-index")]
    internal static void Paths(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var (index, size) = (new PathIndex(golden.Int("radius")), golden.Size("size"));
        var grid = new PairGrid(index.Radius, size.Width, size.Height);
        var pairs = new PairAffinity(index);

        Same(golden, "search_dst", [.. pairs.Directions.SelectMany(direction => (long[])[direction.Destination.Y, direction.Destination.X])]);
        Same(golden, "src_indices", Wide(grid.At(new(0, 0))));
        Same(golden, "dst_indices", [.. pairs.Directions.SelectMany(direction => Wide(grid.At(direction.Destination)))]);
        for (var group = 0; group < index.ByPathLength.Count; group++)
        {
            Same(golden, $"path_indices_{group}",
                [.. index.ByPathLength[group].SelectMany(direction => direction.Path).SelectMany(point => Wide(grid.At(point)))]);
            for (var direction = 0; direction < index.ByPathLength[group].Count; direction++)
                Assert.Equal(
                    golden.Value("search_paths", $"{group}", $"{direction}")
                        .EnumerateArray()
                        .Select(point => new Offset(point[0].GetInt32(), point[1].GetInt32())),
                    index.ByPathLength[group][direction].Path);
        }
        Assert.Equal(golden.Value("search_paths").GetArrayLength(), index.ByPathLength.Count);

        GoldenAssert.Same<float>(golden.Array("affinity").Float32, GoldenTensors.Floats(pairs.Affinity(golden.Tensor("edge"))), "affinity");
        var labels = PairLabels.Of(golden.Tensor("segm_map").unsqueeze(0), index, pairs.Directions, firstInvalid: 21);
        GoldenAssert.Same<float>(golden.Array("aff_label_bg_pos").Float32, GoldenTensors.Floats(labels.BackgroundPositive), "background pairs");
        GoldenAssert.Same<float>(golden.Array("aff_label_fg_pos").Float32, GoldenTensors.Floats(labels.ForegroundPositive), "foreground pairs");
        GoldenAssert.Same<float>(golden.Array("aff_label_neg").Float32, GoldenTensors.Floats(labels.Negative), "negative pairs");
    }

    [GoldenCheck("random-walk", "propagate")]
    internal static void Propagate(GoldenCase golden)
    {
        var (edge, maps, classes) = (golden.Array("edge"), golden.Array("x"), golden.Ints("keys")[1..]);
        var size = new ImageSize((int)edge.Shape[2], (int)edge.Shape[1]);
        var walk = new IrnWalk
        {
            Radius = golden.Int("radius"),
            Beta = golden.Double("beta"),
            LogSteps = golden.Int("exp_times"),
            BackgroundThreshold = golden.Double("sem_seg_bg_thres"),
        };
        var affinity = AffinityMatrix.FromEdges(edge.Float32, size.Width, size.Height, new PathIndex(walk.Radius));
        var transition = new TransitionMatrix(affinity, walk.Beta);
        var all = Enumerable.Range(0, affinity.Size).ToArray();
        // All rows, or those that the name tells: dense_affinity_row0_row50.
        foreach (var name in golden.ArrayNames.Where(name =>
            name.StartsWith("dense_affinity", StringComparison.Ordinal) || name.StartsWith("transition", StringComparison.Ordinal)))
        {
            int[] told = [.. name.Split("_row").Skip(1).Select(row => int.Parse(row, CultureInfo.InvariantCulture))];
            var rows = told.Length > 0 ? told : all;
            var expected = golden.Array(name).Float32;
            if (name[0] == 'd')
                GoldenAssert.Close(expected, [.. rows.SelectMany(row => all.Select(column => affinity[row, column]))], 1e-6, name);
            else
                // T^t: each row is where a map leads that is 1 at one position.
                GoldenAssert.Close(expected, transition.Walk([.. rows.SelectMany(row => all.Select(column => row == column ? 1f : 0f))], rows.Length,
                    walk.LogSteps), golden.Tolerance("transition_abs"), name);
        }
        if (golden.Json.GetProperty("values").TryGetProperty("dense_affinity_sum", out var sum))
        {
            GoldenAssert.Close(sum.GetDouble(), all.Sum(row => affinity.Values(row).ToArray().Sum(value => (double)value)), 1e-5 * sum.GetDouble(),
                "sum of the affinities");
            Assert.Equal(golden.Value("dense_affinity_nonzero").GetInt32(), affinity.Count);
        }

        var propagated = walk.Propagate(maps.Float32, classes.Length, edge.Float32, size);
        GoldenAssert.CloseRelativeToMaximum(golden.Array("rw").Float32, propagated, golden.Relative("rw"), "rw");
        var image = golden.Size("orig_size");
        GoldenAssert.CloseRelativeToMaximum(golden.Array("rw_up_normalised").Float32, IrnWalk.Enlarge(propagated, classes.Length, image),
            golden.Relative("rw"), "rw_up_normalised");
        var labels = walk.Labels(maps.Float32, [.. classes.Select(label => label - 1)], edge.Float32, image);
        golden.Agree("pred", labels, 1 - golden.Number("pixels_with_near_tie(<1e-4)") / labels.Labels.Length);
    }

    [GoldenCheck("random-walk", "psa")]
    internal static void Psa(GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        var features = golden.Tensor("features");
        var (width, height) = ((int)features.shape[3], (int)features.shape[2]);
        var walk = new PsaWalk { Radius = golden.Int("radius"), Beta = golden.Double("beta"), LogSteps = golden.Int("logt"),
            Alpha = golden.Double("alpha") };
        var pairs = new FeatureAffinity(new PathIndex(walk.Radius));
        var grid = new PairGrid(walk.Radius, width, height);

        Same(golden, "ind_from", Wide(grid.At(new(0, 0))));
        Same(golden, "ind_to", [.. pairs.Directions.SelectMany(direction => Wide(grid.At(direction.Destination)))]);
        var sparse = pairs.Affinity(features);
        golden.Close("aff_sparse", sparse, 1e-5);
        var affinity = pairs.Matrix(sparse[0], width, height);
        GoldenAssert.Close(
            golden.Array("aff_dense").Float32, [..
                from row in Enumerable.Range(0, affinity.Size)
                from column in Enumerable.Range(0, affinity.Size)
                select affinity[row, column]], 1e-6, "aff_dense");

        var (cams, classes) = (golden.Array("cam_fg"), golden.Ints("classes"));
        var image = new ImageSize((int)cams.Shape[2], (int)cams.Shape[1]);
        var pooled = walk.Pool(cams.Float32, classes.Length, image);
        GoldenAssert.CloseRelativeToMaximum(golden.Array("cam_pooled").Float32, pooled, 1e-5, "cam_pooled");
        GoldenAssert.CloseRelativeToMaximum(golden.Array("cam_rw").Float32, walk.Propagate(pooled, classes.Length, affinity), golden.Relative("rw"),
            "cam_rw");
        // The case's classes are labels, background 0.
        golden.Agree("pred", walk.Labels(cams.Float32, [.. classes.Select(label => label - 1)], affinity, image), 0.999);
    }

    private static long[] Wide(int[] positions) => Array.ConvertAll(positions, position => (long)position);

    private static void Same(GoldenCase golden, string array, long[] actual) => GoldenAssert.Same<long>(golden.Array(array).Int64, actual, array);
}
