using Gateway.Core.Formats;

namespace Gateway.Proxy;

/// <summary>A provider ready to use.</summary>
/// <param name="Profile">Its family.</param>
/// <param name="Options">Time-outs and attempts.</param>
/// <param name="Destinations">Base address by destination name, in order of preference.</param>
/// <param name="Credential">What goes into the credential header, or null.</param>
public sealed record Provider(
    ProviderProfile Profile, ProviderOptions Options, IReadOnlyList<KeyValuePair<string, Uri>> Destinations, string? Credential)
{
    /// <summary>The name in configuration, records and metrics.</summary>
    public string Name => Profile.Name;
}

/// <summary>The providers this gateway may send traffic to, resolved once at start.</summary>
public sealed class ProviderCatalog
{
    private readonly Dictionary<string, Provider> _byFamily;

    private ProviderCatalog(IEnumerable<Provider> providers, bool simulated)
    {
        _byFamily = providers.ToDictionary(provider => provider.Name, StringComparer.Ordinal);
        IsSimulated = simulated;
    }

    /// <summary>True when no provider is configured and the built-in simulation answers: only then is the demo key valid.</summary>
    public bool IsSimulated { get; }

    /// <summary>All providers.</summary>
    public IReadOnlyCollection<Provider> All => _byFamily.Values;

    /// <summary>The provider of an endpoint's family, or null.</summary>
    public Provider? For(WireEndpoint endpoint) => _byFamily.GetValueOrDefault(endpoint.Provider);

    /// <summary>
    /// Resolves <paramref name="options"/>. A provider is configured when it has a key, a key file, a base address or destinations; the
    /// conventional environment variables count as keys. All mistakes are reported together.
    /// </summary>
    /// <exception cref="OptionsException">A setting is wrong.</exception>
    public static ProviderCatalog Create(GatewayOptions options, Func<string, string?> environment, Uri? simulation)
    {
        var errors = new List<string>();
        var unknown = options.Providers.Keys.Where(name => !ProviderProfile.All.Any(profile => Same(profile.Name, name)));
        errors.AddRange(unknown.Select(name =>
            $"Gateway:Providers:{name}: no such provider; known are {string.Join(", ", ProviderProfile.All.Select(profile => profile.Name))}."));

        var configured = ProviderProfile.All
            .Select(profile => Configure(profile, options.Providers.GetValueOrDefault(profile.Name), environment, errors))
            .OfType<Provider>()
            .ToList();
        if (errors.Count > 0)
        {
            throw new OptionsException(errors);
        }

        return configured.Count > 0 || simulation is null
            ? new ProviderCatalog(configured, simulated: false)
            : new ProviderCatalog(ProviderProfile.All.Select(profile => Simulate(profile, simulation)), simulated: true);
    }

    /// <summary>Whether any provider is configured, so that no simulation need be started.</summary>
    public static bool AnyConfigured(GatewayOptions options, Func<string, string?> environment) =>
        options.Providers.Values.Any(IsConfigured) || ProviderProfile.All.Any(profile => profile.DefaultBaseUrl is not null && !string.IsNullOrEmpty(environment(profile.ApiKeyVariable)));

    private static bool IsConfigured(ProviderOptions options) =>
        !string.IsNullOrEmpty(options.ApiKey) || !string.IsNullOrEmpty(options.ApiKeyFile) || !string.IsNullOrEmpty(options.BaseUrl) || options.Destinations.Count > 0;

    private static Provider Simulate(ProviderProfile profile, Uri simulation) => new(
        profile, new ProviderOptions(), [KeyValuePair.Create("simulated", profile.NormalizeBase(simulation.AbsoluteUri))], "simulated");

    private static Provider? Configure(ProviderProfile profile, ProviderOptions? options, Func<string, string?> environment, List<string> errors)
    {
        var fromEnvironment = environment(profile.ApiKeyVariable);
        if (options is null || !IsConfigured(options))
        {
            if (string.IsNullOrEmpty(fromEnvironment) || profile.DefaultBaseUrl is null)
            {
                return null;
            }

            options ??= new ProviderOptions();
        }

        var where = $"Gateway:Providers:{profile.Name}";
        Check(options, where, errors);
        var addresses = new List<KeyValuePair<string, string>>(options.Destinations);
        if ((options.BaseUrl is { Length: > 0 } written ? written : addresses.Count == 0 ? profile.DefaultBaseUrl : null) is { } first)
        {
            addresses.Insert(0, KeyValuePair.Create("primary", first));
        }
        else if (addresses.Count == 0)
        {
            errors.Add($"{where}:BaseUrl: must be set; this provider has no public address that is the same for all.");
        }

        var destinations = new List<KeyValuePair<string, Uri>>();
        foreach (var (name, address) in addresses)
        {
            if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                destinations.Add(KeyValuePair.Create(name, profile.NormalizeBase(address)));
            }
            else
            {
                errors.Add($"{where}: '{address}' ({name}) is not an absolute http or https address.");
            }
        }

        // A key from the environment belongs to the provider's public service: it must not follow a base address to somewhere else. Where there is
        // no such service, it can only be meant for the address that is configured.
        var isElsewhere = profile.DefaultBaseUrl is not null && (options.BaseUrl is { Length: > 0 } || options.Destinations.Count > 0);
        var credential = Credential(options, where, errors) ?? (isElsewhere ? null : fromEnvironment);
        return new Provider(profile, options, destinations, credential);
    }

    private static void Check(ProviderOptions options, string where, List<string> errors)
    {
        void Positive(int value, string name)
        {
            if (value <= 0)
            {
                errors.Add($"{where}:{name}: must be at least 1, is {value}.");
            }
        }

        Positive(options.TimeoutSeconds, nameof(options.TimeoutSeconds));
        Positive(options.ConnectTimeoutSeconds, nameof(options.ConnectTimeoutSeconds));
        Positive(options.MaxAttempts, nameof(options.MaxAttempts));
        Positive(options.HealthIntervalSeconds, nameof(options.HealthIntervalSeconds));
    }

    private static string? Credential(ProviderOptions options, string where, List<string> errors)
    {
        if (!string.IsNullOrEmpty(options.ApiKey) && !string.IsNullOrEmpty(options.ApiKeyFile))
        {
            errors.Add($"{where}: ApiKey and ApiKeyFile are both set; keep one.");
        }

        if (string.IsNullOrEmpty(options.ApiKeyFile))
        {
            return string.IsNullOrEmpty(options.ApiKey) ? null : options.ApiKey;
        }

        try
        {
            return File.ReadAllText(options.ApiKeyFile).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{where}:ApiKeyFile: cannot read '{options.ApiKeyFile}' ({exception.GetType().Name}).");
            return null;
        }
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Settings that cannot be used. Carries every mistake, so that one start shows them all.</summary>
public sealed class OptionsException(IReadOnlyList<string> errors) : Exception("The configuration cannot be used:\n  " + string.Join("\n  ", errors))
{
    /// <summary>The mistakes.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
