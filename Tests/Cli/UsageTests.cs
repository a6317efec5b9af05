namespace Dashboard.Tests.Cli;

public sealed class UsageTests
{
    [Fact]
    public async Task Help_OfTheProgram_ShowsEveryCommandWithItsOptions()
    {
        var answer = await Shell.CallAsync("--help");

        Assert.Equal(0, answer.ExitCode);
        foreach (var syntax in new[]
        {
            "serve [--urls U]",
            "train METHOD --dataset D [--preset P] [--seed N] [--device DEVICE] [--set NAME=VALUE]... [--input ROLE=RUN]... [--out DIR] [--name "
            + "NAME] [--profile] [--dry-run] [--fit-batch] [--json]",
            "worker RUN_FOLDER [--dry-run]",
            "dataset make cooccurrence --out DIR [--train N] [--val N] [--seed S] [--size PX] [--captions N]",
            "dataset check DIR [--json]",
            "evaluate --prediction DIR --truth DIR --classes N [--json]",
            "reindex",
            "list [--json]",
            "devices [--json]",
            "stop ID",
            "resume ID [--half-batch] [--json]",
            "--data DIR",
        })
            Assert.Contains(syntax, answer.Output);
    }

    [Fact]
    public async Task Version_NamesTheCommitAndLibtorch() =>
        Assert.Matches(@"^dashboard \S+\nlibtorch 2\.\d+\.\d+\S* in /.*, on cpu", (await Shell.CallAsync("--version")).Output);

    [Fact]
    public async Task Help_OfTrain_ShowsTheOptionsOfTheMethod() =>
        Assert.Contains("--set learningRate=0.1", (await Shell.AskAsync("train", "--help")).Output);

    [Theory]
    [InlineData("There is no command 'trian'. Did you mean train? Known commands: serve, train, pipeline, sweep, worker", "trian", "cam")]
    [InlineData("There is no option '--sed'. Did you mean --seed? Known options: --dataset, --preset, --seed", "train", "cam", "--dataset",
        "cooccurrence", "--sed", "4")]
    [InlineData("There is no option '--url'. Did you mean --urls?", "serve", "--url", "http://127.0.0.1:0")]
    [InlineData("--dataset", "train", "cam")]
    [InlineData("--seed", "train", "cam", "--dataset", "cooccurrence", "--seed", "four")]
    [InlineData("There is no method 'cat'. Known methods: cam", "train", "cat", "--dataset", "cooccurrence")]
    [InlineData("There is no option 'epoch'. Did you mean epochs?", "train", "cam", "--dataset", "cooccurrence", "--set", "epoch=3")]
    [InlineData("epochs: '0' is not a whole number from 1 to 1000.", "train", "cam", "--dataset", "cooccurrence", "--set", "epochs=0")]
    [InlineData("precision: 'float16' is not one of float32, bfloat16. Activations and gradients overflow in float16", "train", "cam", "--dataset",
        "cooccurrence", "--set", "precision=float16")]
    [InlineData("'epochs' is not of the form name=value.", "train", "cam", "--dataset", "cooccurrence", "--set", "epochs")]
    [InlineData("There is no preset 'quick' of cam. Known presets: builtin, animals, paper.", "train", "cam", "--dataset", "cooccurrence", "--preset",
        "quick")]
    [InlineData("There is no data set 'nowhere'. Known: cooccurrence", "train", "cam", "--dataset", "nowhere")]
    [InlineData("model: There is no model 'cooccurence-loda'. Known: cooccurrence, cooccurrence-loda.", "train", "zeroshot", "--dataset",
        "cooccurrence", "--set", "model=cooccurence-loda")]
    [InlineData("clip: There is no file or folder /nowhere/ViT-B-32.pt. Correct the path", "train", "clims", "--dataset", "cooccurrence", "--set",
        "clip=/nowhere/ViT-B-32.pt")]
    [InlineData("trainSplit: cooccurrence has no split 'train_aug'. It has: train, val.", "train", "cam", "--dataset", "cooccurrence")]
    [InlineData("device: 'gpu' is not cpu, cuda (the first GPU that is free) or cuda:N", "train", "cam", "--dataset", "cooccurrence", "--device",
        "gpu")]
    [InlineData("--classes: 0 is not a whole number from 1 to 254.", "evaluate", "--prediction", "a", "--truth", "b", "--classes", "0")]
    [InlineData("'cooccurrence'", "dataset", "make", "voc", "--out", "a")]
    [InlineData("There is no run 'nobody'", "stop", "nobody")]
    public async Task WrongUsage_IsNamedWithItsRemedyAndExitCode2(string expected, params string[] arguments)
    {
        var data = Directory.CreateTempSubdirectory("dashboard-usage-").FullName;
        try
        {
            var answer = await Shell.AskAsync([.. arguments, "--data", data]);

            Assert.Equal(2, answer.ExitCode);
            Assert.Contains(expected, answer.Error);
            Assert.Empty(answer.Output);
            Assert.DoesNotContain("   at ", answer.Error);
            Assert.Empty(Directory.GetFileSystemEntries(data));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task WrongUsage_SeveralFaults_AreAllNamed()
    {
        var answer = await Shell.AskAsync("train", "cam", "--dataset", "nowhere", "--set", "epoch=1", "--set", "batchSize=x", "--preset", "quick",
            "--device", "gpu");

        Assert.Equal(5, answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
