using Dashboard.Tests.Golden;
using Dashboard.Tests.Runs;

// What the tests' executable does when it is not the test runner that loads it.
return args is ["golden", .. var subjects] ? GoldenProgram.Run(subjects) : await TestProgram.RunAsync(args);
