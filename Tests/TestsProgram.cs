using Dashboard.Tests.Execution;
using Dashboard.Tests.Golden;

// What the tests' executable does when it is not the test runner that loads it.
return args is ["golden", .. var subjects] ? GoldenProgram.Run(subjects) : await TestProgram.RunAsync(args);
