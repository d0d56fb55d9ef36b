using Gateway.Hosting;
using Gateway.Proxy;

try
{
    var app = await GatewayHost.CreateAsync(args);
    await app.RunAsync();
    return 0;
}
catch (OptionsException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
