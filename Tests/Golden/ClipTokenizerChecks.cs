using System.Text.Json;
using Dashboard.Backend.Text;

namespace Dashboard.Tests.Golden;

/// <summary>Token ids against openai/CLIP's clip.tokenize with ftfy.</summary>
public static class ClipTokenizerChecks
{
    private const string Subject = "clip-tokenizer";

    [GoldenCheck(Subject, "strings", NeedsVocabulary = true)]
    internal static void Strings(GoldenCase golden)
    {
        var tokenizer = Tokenizer(golden);
        var padded = golden.Array("ids77");
        foreach (var row in Document(golden, "strings.json").EnumerateArray())
        {
            var (text, number) = (row.GetProperty("text").GetString()!, row.GetProperty("row").GetInt32());
            Assert.Equal((number, row.GetProperty("cleaned").GetString()), (number, TextCleaning.Clean(text)));
            var ids = Ids(row.GetProperty("token_ids"));
            GoldenAssert.Same<long>(ids, [.. tokenizer.Encode(text)], $"row {number}, ids");
            GoldenAssert.Same(padded.Int64.AsSpan(number * 77, 77), tokenizer.Tokenize(text, truncate: true), $"row {number}, padded ids");
            Assert.Equal((number, row.GetProperty("decoded").GetString()), (number, tokenizer.Decode(ids)));
            Assert.Equal((number, row.GetProperty("too_long").GetBoolean()),
                (number, Record.Exception(() => tokenizer.Tokenize(text)) is TextTooLongException));
        }
    }

    [GoldenCheck(Subject, "length-limits", NeedsVocabulary = true)]
    internal static void LengthLimits(GoldenCase golden)
    {
        var tokenizer = Tokenizer(golden);
        foreach (var limit in golden.Value("cases").EnumerateArray())
        {
            if (limit.TryGetProperty("ids", out var ids))
            {
                GoldenAssert.Same(Ids(ids), tokenizer.Tokenize(limit.GetProperty("text").GetString()!, limit.GetProperty("context_length").GetInt32(),
                    limit.GetProperty("truncate").GetBoolean()), "cut ids");
                continue;
            }

            var text = string.Join(' ', Enumerable.Repeat(limit.GetProperty("text_word").GetString()!, limit.GetProperty("repeat").GetInt32()));
            Assert.Equal(limit.GetProperty("n_tokens").GetInt32(), tokenizer.Encode(text).Count);
            Assert.Equal(limit.GetProperty("truncated_last_id").GetInt64(), tokenizer.Tokenize(text, truncate: true)[^1]);
            if (limit.GetProperty("raises_without_truncate").GetBoolean())
                Assert.Contains("too long for context length 77", Assert.Throws<TextTooLongException>(() => tokenizer.Tokenize(text)).Message,
                    StringComparison.Ordinal);
            else
                Assert.Equal(77, tokenizer.Tokenize(text).Length);
        }
    }

    [GoldenCheck(Subject, "decode", NeedsVocabulary = true)]
    internal static void Decode(GoldenCase golden)
    {
        var tokenizer = Tokenizer(golden);
        var ids = golden.Array("ids");
        var texts = golden.Value("text", "value").EnumerateArray().Select(text => text.GetString()).ToList();
        Assert.Equal(texts, ids.Int64.Chunk((int)ids.Shape[1]).Select(row => tokenizer.Decode(row)));
    }

    [GoldenCheck(Subject, "clims-prompts", NeedsVocabulary = true)]
    internal static void ClimsPrompts(GoldenCase golden)
    {
        var tokenizer = Tokenizer(golden);
        foreach (var prompt in Document(golden, "prompts.json").EnumerateArray())
        {
            var text = prompt.GetProperty("text").GetString()!;
            var ids = Ids(prompt.GetProperty("ids"));
            GoldenAssert.Same<long>(ids, [.. tokenizer.Tokenize(text)[..ids.Length]], text);
        }
    }

    private static ClipTokenizer Tokenizer(GoldenCase golden) => new(ClipVocabulary.Open(ClipVocabularyFile.For(golden)!));

    private static JsonElement Document(GoldenCase golden, string file) => JsonDocument.Parse(File.ReadAllBytes(golden.File(file))).RootElement;

    private static long[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt64())];
}
