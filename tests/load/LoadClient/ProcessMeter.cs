using System.Globalization;

namespace LoadClient;

/// <summary>Reads what a process has used from <c>/proc</c>.</summary>
internal sealed class ProcessMeter(int pid)
{
    // USER_HZ, the unit of utime and stime in /proc/PID/stat; 100 on every Linux that .NET supports.
    private const double MicrosecondsPerTick = 10_000;

    /// <summary>CPU time of all threads so far, ended ones too, in microseconds; the resolution is 10 ms.</summary>
    public double CpuMicroseconds() => CpuOf($"/proc/{pid}/stat");

    /// <summary>
    /// CPU time of the thread that compiles hot methods again, in microseconds; 0 while there is none: the runtime ends it when it is idle.
    /// What it uses is the price of starting, not of a request.
    /// </summary>
    public double CompilerMicroseconds()
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{pid}/task")
                .Where(task => File.ReadAllText($"{task}/comm").StartsWith(".NET Tiered", StringComparison.Ordinal))
                .Sum(task => CpuOf($"{task}/stat"));
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Largest resident memory since the last reset, in MiB.</summary>
    public double PeakMegabytes()
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Starts the peak anew. False: the system does not allow it and the peak stays that of the process' life.</summary>
    public bool TryResetPeak()
    {
        try
        {
            File.WriteAllText($"/proc/{pid}/clear_refs", "5");
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static double CpuOf(string path)
    {
        var stat = File.ReadAllText(path);

        // The second field is the command in parentheses and may hold spaces; utime and stime are fields 14 and 15.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MicrosecondsPerTick;
    }
}
