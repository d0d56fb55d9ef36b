using System.Text;
using Gateway.Core.Exchanges;
using Gateway.Core.Guards;

namespace Gateway.Core.Tests.Guards;

/// <summary>Replaces every occurrence of a word.</summary>
internal sealed class WordRedactor(string word, string replacement, GuardMode mode = GuardMode.Enforce) : ITextRedactor
{
    public ITextRedaction Begin(Surface surface, Trust trust, SegmentFlags flags) => new Reading(this, surface);

    ITextRedaction? ITextRedactor.Begin(Surface surface, Trust trust, SegmentFlags flags) => Begin(surface, trust, flags);

    private sealed class Reading(WordRedactor owner, Surface surface) : ITextRedaction
    {
        private readonly StringBuilder _text = new();
        private int _searched;

        public long SafePosition { get; private set; }

        public void Feed(ReadOnlySpan<char> text, List<RedactedSpan> found)
        {
            _text.Append(text);
            var all = _text.ToString();
            for (int at; (at = all.IndexOf(owner.Word, _searched, StringComparison.Ordinal)) >= 0; _searched = at + owner.Word.Length)
            {
                found.Add(new RedactedSpan(at, owner.Word.Length, owner.Replacement, owner.Found(surface)));
            }

            var open = Enumerable.Range(1, owner.Word.Length - 1).Reverse()
                .FirstOrDefault(length => length <= all.Length - _searched && all.EndsWith(owner.Word[..length], StringComparison.Ordinal));
            SafePosition = all.Length - open;
        }

        public void Complete(List<RedactedSpan> found) => SafePosition = long.MaxValue;
    }

    private string Word { get; } = word;

    private string Replacement { get; } = replacement;

    private Finding Found(Surface surface) =>
        new(GuardId.Other, "word", Threat.Secret, surface, PolicyAction.Redact, Severity.High, mode);
}
