namespace Dashboard.Backend.Text;

/// <summary>
/// Learns the merges of a vocabulary from texts (Sennrich et al., ACL 2016, algorithm 1): again and again the pair of neighbours that is most
/// frequent within words becomes one symbol. Ties go to the pair that comes first in ordinal order, so that the same texts always give the same
/// merges.
/// </summary>
internal sealed class BytePairMerges
{
    private readonly List<(List<string> Symbols, long Count)> _words = [];
    private readonly Dictionary<(string Left, string Right), long> _counts = [];

    /// <summary>Words in which a pair stands, or has stood.</summary>
    private readonly Dictionary<(string Left, string Right), HashSet<int>> _occurrences = [];

    private BytePairMerges(IEnumerable<string> texts)
    {
        foreach (var word in texts.SelectMany(ClipTokenizer.Words).Where(word => !ClipVocabulary.IsMarker(word)).CountBy(word => word))
        {
            _words.Add(([.. ByteSymbols.OfWord(word.Key)], word.Value));
            Count(_words.Count - 1, sign: 1);
        }
    }

    /// <param name="most">Stops here, or earlier when every word is one symbol.</param>
    public static IReadOnlyList<(string Left, string Right)> Learn(IEnumerable<string> texts, int most)
    {
        var learning = new BytePairMerges(texts);
        var merges = new List<(string, string)>();
        while (merges.Count < most && learning.MostFrequent() is { } pair)
        {
            merges.Add(pair);
            learning.Merge(pair);
        }

        return merges;
    }

    private (string Left, string Right)? MostFrequent()
    {
        var best = default(KeyValuePair<(string Left, string Right), long>);
        foreach (var pair in _counts)
            if (pair.Value > best.Value || (pair.Value == best.Value && IsBefore(pair.Key, best.Key)))
                best = pair;
        return best.Value > 0 ? best.Key : null;
    }

    private static bool IsBefore((string Left, string Right) a, (string Left, string Right) b) =>
        string.CompareOrdinal(a.Left, b.Left) is var left && (left < 0 || (left == 0 && string.CompareOrdinal(a.Right, b.Right) < 0));

    private void Merge((string Left, string Right) pair)
    {
        foreach (var word in _occurrences[pair])
        {
            Count(word, sign: -1);
            var symbols = _words[word].Symbols;
            for (var at = 0; at + 1 < symbols.Count; at++)
            {
                if (symbols[at] != pair.Left || symbols[at + 1] != pair.Right)
                    continue;
                symbols[at] += symbols[at + 1];
                symbols.RemoveAt(at + 1);
            }

            Count(word, sign: 1);
        }

        _counts.Remove(pair);
        _occurrences.Remove(pair);
    }

    /// <summary>Adds a word's pairs to the counts, or takes them off.</summary>
    private void Count(int word, int sign)
    {
        var (symbols, count) = _words[word];
        for (var at = 0; at + 1 < symbols.Count; at++)
        {
            var pair = (symbols[at], symbols[at + 1]);
            _counts[pair] = _counts.GetValueOrDefault(pair) + (sign * count);
            if (!_occurrences.TryGetValue(pair, out var words))
                _occurrences[pair] = words = [];
            if (sign > 0)
                words.Add(word);
        }
    }
}
