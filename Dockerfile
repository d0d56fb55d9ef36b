# Build: docker build -t llm-gateway .
# Run:   docker run -p 8080:8080 -p 127.0.0.1:8081:8081 -e OPENAI_API_KEY -e Gateway__ManagementToken -v gateway-data:/data llm-gateway
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/ src/
COPY policies/ policies/
RUN dotnet restore src/Gateway/Gateway.csproj --locked-mode \
 && dotnet restore src/Gateway.Cli/Gateway.Cli.csproj --locked-mode \
 && dotnet publish src/Gateway/Gateway.csproj -c Release --no-restore -o /app/gateway \
 && dotnet publish src/Gateway.Cli/Gateway.Cli.csproj -c Release --no-restore -o /app/gatewayctl

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
COPY policies/ /etc/gateway/policies/
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
WORKDIR /data
# The management listener is reachable inside the container only unless its port is published; /admin then asks for Gateway__ManagementToken.
ENV Gateway__TrafficUrl=http://*:8080 \
    Gateway__ManagementUrl=http://*:8081 \
    Gateway__DataFolder=/data \
    Gateway__PoliciesFolder=/etc/gateway/policies \
    DOTNET_EnableDiagnostics=0
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["dotnet", "/app/gatewayctl/gatewayctl.dll", "health", "--url", "http://127.0.0.1:8081"]
ENTRYPOINT ["dotnet", "/app/gateway/Gateway.dll"]
