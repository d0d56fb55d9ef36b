using Gateway.Authentication;
using Gateway.Core.Tenants;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Gateway.Tests.Authentication;

public sealed class CredentialsTests
{
    [Theory]
    [InlineData("Authorization", "Bearer k", true)]
    [InlineData("Authorization", "bearer k", true)]
    [InlineData("Authorization", "BEARER   k ", true)]
    [InlineData("x-api-key", "k", false)]
    [InlineData("X-Api-Key", "k", false)]
    [InlineData("api-key", "k", false)]
    [InlineData("x-goog-api-key", "k", false)]
    public void Read_each_header_gives_the_credential(string header, string value, bool fromBearer)
    {
        var credentials = Credentials.Read(Headers((header, value)));
        Assert.Equal("k", credentials.Value.ToString());
        Assert.Equal(fromBearer, credentials.FromBearer);
        Assert.Null(credentials.Failure);
    }

    [Fact]
    public void Read_no_header_is_missing() => Assert.Equal(AuthenticationFailure.Missing, Failure());

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearerk")]
    [InlineData("Basic azpr")]
    [InlineData("k")]
    public void Read_authorization_that_is_no_bearer_is_malformed(string value)
    {
        Assert.Equal(AuthenticationFailure.Malformed, Failure(("Authorization", value)));
        Assert.Equal(AuthenticationFailure.Malformed, Failure(("Authorization", value), ("x-api-key", "k")));
    }

    [Theory]
    [InlineData("Authorization", "Bearer k", "x-api-key", "K")]
    [InlineData("Authorization", "Bearer k", "api-key", "k2")]
    [InlineData("x-api-key", "k", "api-key", "k ")]
    [InlineData("x-api-key", "k", "x-goog-api-key", "k2")]
    [InlineData("x-goog-api-key", "k", "Authorization", "Bearer k2")]
    [InlineData("Authorization", "Bearer k", "x-api-key", "")]
    public void Read_two_that_differ_are_conflicting(string first, string firstValue, string second, string secondValue) =>
        Assert.Equal(AuthenticationFailure.Conflicting, Failure((first, firstValue), (second, secondValue)));

    [Fact]
    public void Read_three_that_are_equal_are_one() =>
        Assert.Equal("k", Credentials.Read(Headers(("Authorization", "Bearer k"), ("x-api-key", "k"), ("api-key", "k"))).Value.ToString());

    [Theory]
    [InlineData("Authorization")]
    [InlineData("x-api-key")]
    [InlineData("api-key")]
    [InlineData("x-goog-api-key")]
    public void Read_header_that_stands_twice_is_conflicting_even_with_equal_values(string header)
    {
        var headers = new HeaderDictionary { [header] = new StringValues(["Bearer k", "Bearer k"]) };
        Assert.Equal(AuthenticationFailure.Conflicting, Credentials.Read(headers).Failure);
    }

    private static AuthenticationFailure? Failure(params (string, string)[] headers) => Credentials.Read(Headers(headers)).Failure;

    private static HeaderDictionary Headers(params (string Name, string Value)[] headers)
    {
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            dictionary[name] = value;
        }

        return dictionary;
    }
}
