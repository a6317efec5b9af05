using System.Reflection;

namespace Dashboard.Tests.Golden;

/// <summary>Marks a static method <c>void Name(GoldenCase)</c> as the check of one kind of golden case. A method may check several kinds.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GoldenCheckAttribute(string subject, string kind) : Attribute
{
    public string Subject { get; } = subject;

    public string Kind { get; } = kind;

    /// <summary>Whether the check reads CLIP's vocabulary, which is not part of this repository: see <see cref="ClipVocabularyFile"/>.</summary>
    public bool NeedsVocabulary { get; init; }

    /// <summary>The checks of this assembly, by subject and kind.</summary>
    public static ILookup<string, (string Kind, bool NeedsVocabulary, Action<GoldenCase> Check)> BySubject { get; } =
        typeof(GoldenCheckAttribute).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .SelectMany(method => method.GetCustomAttributes<GoldenCheckAttribute>().Select(check => (check, method)))
        .ToLookup(found => found.check.Subject,
            found => (found.check.Kind, found.check.NeedsVocabulary, found.method.CreateDelegate<Action<GoldenCase>>()));
}
