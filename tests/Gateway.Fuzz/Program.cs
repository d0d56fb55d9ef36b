using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using Gateway.Fuzz;

// Mutates golden bodies and streams and feeds them to every parser that meets bytes from outside.
//
//   dotnet run -c Release --project tests/Gateway.Fuzz -- [--count N] [--only NAME[,NAME]] [--repeat NUMBER]
//
//   --count   bodies for each parser (10,000,000)
//   --only    parsers whose name contains one of the words
//   --repeat  makes and judges one body again: a failure prints its number, from which everything follows
//
// Ends with 1 when a parser threw, accepted what another strict parser refuses, left a string unread, allocated beyond the bound or took too long.
var count = Option("--count", 10_000_000);
var only = (Text("--only") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
var repeat = Text("--repeat") is { } number ? ulong.Parse(number, CultureInfo.InvariantCulture) : (ulong?)null;

var folder = Path.Combine(AppContext.BaseDirectory, "Seeds");
var files = Directory.GetFiles(folder).Order(StringComparer.Ordinal).Where(file => !file.EndsWith(".jsonl", StringComparison.Ordinal)).ToArray();
var failed = 0;
Console.WriteLine("parser\tbodies\taccepted\tseconds\tmost bytes allocated\tslowest ms");
foreach (var target in new Targets().All().Where(target => only.Length == 0 || only.Any(word => target.Name.Contains(word, StringComparison.OrdinalIgnoreCase))))
{
    var seeds = files.Where(file => target.TakesSeed(Path.GetFileName(file))).Select(file => new Seed(File.ReadAllBytes(file))).Where(seed => seed.Bytes.Length < 8192).ToArray();
    var mutation = new Mutation(seeds);
    if (repeat is { } one)
    {
        Console.WriteLine($"{target.Name}: {Encoding.UTF8.GetString(mutation.Make(one))}");
        Console.WriteLine(target.Run(mutation.Make(one)) ? "accepted" : "refused");
        continue;
    }

    failed += new Judge(target, mutation).Run(count) ? 0 : 1;
}

return failed == 0 ? 0 : 1;

long Option(string name, long otherwise) => Text(name) is { } text ? long.Parse(text.Replace(",", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) : otherwise;

string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

namespace Gateway.Fuzz
{
    /// <summary>Runs one target over a sequence of bodies and holds it to its bounds.</summary>
    internal sealed class Judge(Target target, Mutation mutation)
    {
        /// <summary>A parser may allocate in proportion to its input, and a fixed amount for its buffers.</summary>
        private const int BytesForEachByte = 256;
        private const int BytesAtMost = 4 * 1024 * 1024;

        private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(5);

        private readonly HashSet<string> _told = [];

        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private long _accepted;
        private long _most;
        private TimeSpan _slowest;

        /// <summary>False: something went wrong. The first few distinct failures are printed with the number that makes the body again.</summary>
        public bool Run(long count)
        {
            Gen.ULong.Sample(Try, iter: count, threads: 1);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{target.Name}\t{count:N0}\t{_accepted:N0}\t{_watch.Elapsed.TotalSeconds:F0}\t{_most:N0}\t{_slowest.TotalMilliseconds:F1}"));
            return _told.Count == 0;
        }

        private void Try(ulong number)
        {
            var body = mutation.Make(number);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = _watch.Elapsed;
            try
            {
                _accepted += target.Run(body) ? 1 : 0;
            }
            catch (Exception exception)
            {
                Tell(number, exception is Violation ? exception.Message : exception.ToString());
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var took = _watch.Elapsed - started;
            _most = Math.Max(_most, allocated);
            _slowest = took > _slowest ? took : _slowest;
            if (allocated > BytesAtMost + ((long)BytesForEachByte * body.Length) || took > s_hang)
            {
                Tell(number, $"{allocated} bytes allocated, {took.TotalMilliseconds} ms for a body of {body.Length} bytes");
            }
        }

        private void Tell(ulong number, string what)
        {
            var kind = what[..Math.Min(what.Length, 40)];
            if (_told.Count < 5 && _told.Add(kind))
            {
                Console.WriteLine($"FAILED {target.Name} --repeat {number}: {what}");
            }
        }
    }
}
