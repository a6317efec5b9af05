using Dashboard.Tests.Cli;
using Dashboard.Tests.Golden;
using Dashboard.Tests.Runs;

// What the tests' executable does when it is not the test runner that loads it.
return args switch
{
    ["golden", .. var subjects] => GoldenProgram.Run(subjects),
    [WarmProgram.Command] => await WarmProgram.AnswerAsync(),
    _ => await TestProgram.RunAsync(args),
};
