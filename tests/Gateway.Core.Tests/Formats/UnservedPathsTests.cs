using Gateway.Core.Exchanges;
using Gateway.Core.Formats;
using Xunit;

namespace Gateway.Core.Tests.Formats;

public sealed class UnservedPathsTests
{
    [Theory]
    [InlineData("/v1/batches", Capability.Batch)]
    [InlineData("/v1/messages/batches/msgbatch_1/results", Capability.Batch)]
    [InlineData("/v1beta/models/m:batchGenerateContent", Capability.Batch)]
    [InlineData("/V1/Batches", Capability.Batch)]
    [InlineData("/v1/realtime/client_secrets", Capability.Realtime)]
    [InlineData("/v1/files/file-1/content", Capability.StoredFile)]
    [InlineData("/v1/threads/t/runs", Capability.StoredHistory)]
    [InlineData("/v1/chat/completions/chatcmpl-1", Capability.StoredHistory)]
    [InlineData("/v1/prompts", Capability.StoredPrompt)]
    [InlineData("/v1/batchesx", Capability.UnknownRoute)]
    [InlineData("", Capability.UnknownRoute)]
    public void CapabilityOf_path_tells_what_is_asked_for(string path, Capability capability) =>
        Assert.Equal(capability, UnservedPaths.CapabilityOf(path, isSocket: false));

    [Fact]
    public void CapabilityOf_socket_is_realtime_on_any_path() => Assert.Equal(Capability.Realtime, UnservedPaths.CapabilityOf("/v1/responses", isSocket: true));

    [Theory]
    [InlineData("/v1/messages/batches", null, FormatId.AnthropicMessages)]
    [InlineData("/v1/files", "anthropic-version", FormatId.AnthropicMessages)]
    [InlineData("/v1/chat/nothing", null, FormatId.OpenAIChat)]
    public void NearestFormat_is_that_of_the_clients_sdk(string path, string? header, FormatId format) =>
        Assert.Equal(format, UnservedPaths.NearestFormat(path, name => name == header).Id);
}
