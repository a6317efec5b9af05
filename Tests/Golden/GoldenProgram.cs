namespace Dashboard.Tests.Golden;

/// <summary>
/// Runs the golden tests where there is no SDK, for example on a GPU machine that got a published copy: <c>Dashboard.Tests golden [SUBJECT]...</c>.
/// Fixtures come from DASHBOARD_FIXTURES, the device from DASHBOARD_TEST_DEVICE.
/// </summary>
public static class GoldenProgram
{
    public static int Run(string[] subjects)
    {
        var (passed, failed, skipped) = (0, 0, 0);
        foreach (var golden in GoldenCases.All().Where(golden => subjects.Length == 0 || subjects.Contains(golden.Subject)))
        {
            if (GoldenTests.SkipReason(golden) is { } reason)
            {
                skipped++;
                Console.WriteLine($"skipped {golden}: {reason}");
                continue;
            }

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
        Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
        return failed == 0 ? 0 : 1;
    }
}
