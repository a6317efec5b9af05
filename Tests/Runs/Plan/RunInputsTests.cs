using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Runs.Plan;

public sealed class RunInputsTests
{
    /// <summary>A look-up reads files: the launch form asks at many a keystroke.</summary>
    [Fact]
    public void Eligible_ManyRunsOnFewDataSets_LooksEachUpOnce()
    {
        var datasets = new Spellings();
        var runs = new[] { "mini", "MINI", "other", "MINI", "other", "Mini" }.Select(Run).ToList();

        var eligible = RunInputs.Eligible(ClimsMethod.Descriptor.Inputs[0], "mini", runs, datasets);

        Assert.Equal(["mini", "MINI", "MINI", "Mini"], eligible.Select(run => run.Spec.Dataset));
        Assert.Equal(["MINI", "Mini", "mini", "other"], datasets.Asked.Order(StringComparer.Ordinal));
    }

    /// <summary>Label maps of other images than those that are trained on are no use to a segmentation network.</summary>
    [Fact]
    public void Fault_LabelMapsOfAnotherSplit_NamesBothSplits()
    {
        var labels = SegmentMethod.Descriptor.Inputs.Single();

        Assert.Equal(
            "labels: id leaves label maps of the split 'val', not of the split 'train'. Choose another, or another trainSplit.",
            RunInputs.Fault(labels, "id", "mini", Labels("val"), new Spellings(), "train")?.Message);
        Assert.Null(RunInputs.Fault(labels, "id", "mini", Labels("train", "val"), new Spellings(), "train"));
        Assert.Equal(
            "labels: id is a run of cam, which leaves no label maps. Choose another.",
            RunInputs.Fault(labels, "id", "mini", Run("mini"), new Spellings(), "train")?.Message);

        static RunSummary Labels(params string[] splits) => Run("mini", "crf", CrfMethod.Descriptor.Schema.Write(new CrfOptions { Splits = splits }));
    }

    private static RunSummary Run(string dataset) => Run(dataset, "cam", []);

    private static RunSummary Run(string dataset, string method, JsonObject options) => new(
        new RunSpec { Id = "id", Method = method, Options = options, Dataset = dataset, Seed = 0, Device = "cpu", CodeVersion = "test",
            Created = DateTimeOffset.UnixEpoch },
        RunState.Finished, null, 1, null, null, null, null, null, null, 1, null);

    /// <summary>Data sets whose names are the same in any case.</summary>
    private sealed class Spellings : IDatasetSource
    {
        public List<string> Asked { get; } = [];

        public void Check(string dataset)
        {
        }

        public IImageDataset Open(string dataset, CancellationToken stop) => throw new DatasetException("There is none.");

        public IReadOnlyList<string> Splits(string dataset) => [];

        public string Canonical(string dataset)
        {
            Asked.Add(dataset);
            return dataset.ToLowerInvariant();
        }

        public string Fingerprint(string dataset) => dataset.ToLowerInvariant();
    }
}
