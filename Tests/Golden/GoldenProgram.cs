namespace Dashboard.Tests.Golden;

/// <summary>
/// Runs the golden tests where there is no SDK, for example on a GPU machine that got a published copy: <c>Dashboard.Tests [SUBJECT]</c>.
/// Fixtures come from DASHBOARD_FIXTURES, the device from DASHBOARD_TEST_DEVICE.
/// </summary>
public static class GoldenProgram
{
    public static int Main(string[] arguments)
    {
        var (passed, failed) = (0, 0);
        foreach (var golden in GoldenCases.All().Where(golden => arguments.Length == 0 || arguments.Contains(golden.Subject)))
        {
            try
            {
                GoldenTests.CheckOf(golden)(golden);
                passed++;
                Console.WriteLine($"passed  {golden}");
            }
            catch (Exception error)
            {
                failed++;
                Console.WriteLine($"FAILED  {golden}: {error.Message}");
            }
        }
        Console.WriteLine($"{passed} passed, {failed} failed, 0 skipped");
        return failed == 0 ? 0 : 1;
    }
}
