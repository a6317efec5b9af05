using System.Text.Json.Nodes;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Cli;

/// <summary>No command ends with a stack trace.</summary>
public sealed class CommandFailureTests : IDisposable
{
    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData()]
    [InlineData("--on-a-thread")]
    public async Task Fault_OfTheProgram_IsOneSentenceAndAFileWithTheDetails(params string[] more)
    {
        var answer = await Shell.CallAsync(["fault", "--data", _data.Path, .. more]);

        Assert.Equal(1, answer.ExitCode);
        Assert.Empty(answer.Output);
        var line = Assert.Single(answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("dashboard fault failed unexpectedly: Sequence contains no elements.", line, StringComparison.Ordinal);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_data.Path, "logs")));
        Assert.Contains(file, line, StringComparison.Ordinal);
        Assert.Contains("   at ", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fault", 1, "Sequence contains no elements")]
    [InlineData("list --nosuch", 2, "There is no option '--nosuch'")]
    [InlineData("evaluate --prediction /nowhere --truth /nowhere --classes 2", 1, "/nowhere")]
    [InlineData("train cam --dataset nowhere", 2, "There is no data set 'nowhere'")]
    [InlineData("resume nobody", 2, "There is no run 'nobody'")]
    public async Task Json_AnyFailure_IsAnObjectWithTheError(string command, int code, string expected)
    {
        var answer = await Shell.AskAsync([.. command.Split(' '), "--json", "--data", _data.Path]);

        Assert.Equal(code, answer.ExitCode);
        var error = JsonNode.Parse(answer.LastLine)!["error"]!.GetValue<string>();
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Error + answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_RunThatItStartsFromFails_IsTheErrorOfTheJson()
    {
        var answer = await Shell.AskAsync("train", "clims", "--dataset", "cooccurrence", "--preset", "builtin", "--json", "--name", "any", "--set",
            "epochs=1", "--data", Path.Combine(_data.Path, "new"));

        // The tests' worker knows one data set, and not this one.
        Assert.NotNull(JsonNode.Parse(answer.LastLine)!["run"]);
        Assert.DoesNotContain("   at ", answer.Output, StringComparison.Ordinal);
    }
}
