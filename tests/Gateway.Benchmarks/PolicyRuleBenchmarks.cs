using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.Core.Detection.Patterns;

namespace Gateway.Benchmarks;

/// <summary>
/// The rules of <c>tests/load/policies/load.yaml</c> on ordinary text in which none of them matches. Run with
/// <c>taskset -c 1 dotnet run -c Release --project tests/Gateway.Benchmarks -- --filter '*PolicyRuleBenchmarks*' --job short</c>.
/// </summary>
[MemoryDiagnoser]
public class PolicyRuleBenchmarks
{
    private const string Sentences =
        "The committee met on Tuesday to review the budget for next year. Several members asked why the cost of travel had gone up, and the "
        + "treasurer explained that prices had risen since spring. After a short break, they turned to the new library, whose opening was put off "
        + "because the roof leaks when it rains. \"We should not wait for the contractor any longer,\" said the chair; nobody disagreed. ";

    /// <summary>Pattern, whether case is ignored, whether it looks at what the user wrote (all look at what the model wrote).</summary>
    private static readonly (string Source, bool IgnoreCase, bool User)[] s_rules =
    [
        (@"(ignore|disregard|forget)\s{1,10}(all\s{1,10})?(of\s{1,10})?(the\s{1,10}|your\s{1,10}|my\s{1,10})?"
            + @"(previous|prior|above|earlier)\s{1,10}(instructions|directions|rules)", true, true),
        ("-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----", false, true),
        ("(AKIA|ASIA)[0-9A-Z]{16}", false, true),
        ("(ghp|gho|ghs|ghr)_[A-Za-z0-9]{36}", false, true),
        ("(4[0-9]{3}|5[1-5][0-9]{2}|6011)[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}", true, true),
        ("[A-Z]{2}[0-9]{2}[ ]?([0-9A-Z]{4}[ ]?){3,7}[0-9A-Z]{1,4}", false, true),
        (@"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,4}", true, false),
        (@"[a-z0-9-]{1,40}\.(corp|internal|intra)\.example\.(com|net)", true, true),
        (@"(you\s{1,5}should|I\s{1,5}advise\s{1,5}you\s{1,5}to)\s{1,5}(sue|press\s{1,5}charges|plead\s{1,5}(not\s{1,5})?guilty)", true, false),
        ("Project Bluefin|Project Kestrel Nine|Operation Harbour Light|Codename Umbra|Codename Sextant|Project Larkspur", true, true),
    ];

    private readonly PatternMatch[] _matches = new PatternMatch[16];
    private PatternSet _user = null!;
    private PatternSet _output = null!;
    private string[] _texts = null!;

    /// <summary>
    /// One message of 6.6 KB, one of 69 KB; the latter with a figure in every line (a table); 100 segments of the given length.
    /// </summary>
    [Params("6600", "69000", "69000 table", "100 x 5", "100 x 12", "100 x 18", "100 x 25", "100 x 50", "100 x 100", "100 x 200")]
    public string Text { get; set; } = "6600";

    [GlobalSetup]
    public void Setup()
    {
        _user = PatternSet.Compile([.. s_rules.Where(rule => rule.User).Select(Parse)]);
        _output = PatternSet.Compile([.. s_rules.Select(Parse)]);
        _texts = TextsOf(Text);
        if (User() + Output() != 0)
        {
            throw new InvalidOperationException("The text must match nothing.");
        }
    }

    [Benchmark(Description = "8 rules that look at the user's text")]
    public int User() => Scan(_user);

    [Benchmark(Description = "10 rules that look at the model's text")]
    public int Output() => Scan(_output);

    private int Scan(PatternSet set)
    {
        int matches = 0;
        foreach (string text in _texts)
        {
            matches += set.MatchesAny(text, _matches);
        }

        return matches;
    }

    private static string[] TextsOf(string name)
    {
        string[] words = name.Split(' ');
        if (words is [var count, "x", var each])
        {
            int length = int.Parse(each, System.Globalization.CultureInfo.InvariantCulture);
            string source = Prose(100_000, Sentences);
            return [.. Enumerable.Range(0, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)).Select(i => source.Substring(i * 371, length))];
        }

        return [Prose(int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture), words.Length > 1 ? "Harbour, second quarter: 5,218.40; " : Sentences)];
    }

    private static string Prose(int length, string sentences)
    {
        var text = new StringBuilder();
        for (int n = 1; text.Length < length; n++)
        {
            text.Append(sentences).Append(n).Append(n % 3 == 0 ? ".\n" : ". ");
        }

        return text.ToString(0, length);
    }

    private static Pattern Parse((string Source, bool IgnoreCase, bool User) rule) =>
        Pattern.TryParse(rule.Source, rule.IgnoreCase, out Pattern? pattern, out PatternError? error) ? pattern : throw new InvalidOperationException(error.Message);
}
