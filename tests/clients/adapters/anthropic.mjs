// The package `@anthropic-ai/sdk`: Messages.
import Anthropic from '@anthropic-ai/sdk';
import { earlier, modelNamed, toolDescription, toolInput, toolName, toolSchema } from './shared.mjs';

function errorFor(status) {
  const names = {
    400: 'BadRequestError', 401: 'AuthenticationError', 403: 'PermissionDeniedError', 404: 'NotFoundError', 413: 'ContentTooLargeError',
    429: 'RateLimitError', 503: 'ServiceUnavailableError', 504: 'GatewayTimeoutError', 529: 'OverloadedError',
  };
  return names[status] ?? (status >= 500 ? 'InternalServerError' : 'APIError');
}

export function anthropic(gateway, key, settings) {
  const sdk = new Anthropic({ baseURL: gateway, apiKey: key, ...settings });

  function body(ask) {
    const image = ask.image && { type: 'image', source: { type: 'base64', media_type: 'image/png', data: ask.image } };
    const messages = earlier(ask, (role, content) => ({ role, content }));
    messages.push({ role: 'user', content: image ? [{ type: 'text', text: ask.text }, image] : ask.text });
    if (ask.toolResult) {
      messages.push({ role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: toolName, input: toolInput }] });
      messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: ask.toolResult }] });
    }
    const tool = { name: toolName, description: toolDescription, input_schema: toolSchema };
    return { model: ask.model, max_tokens: 256, messages, ...(ask.tool ? { tools: [tool] } : {}) };
  }

  async function* pieces(stream) {
    let call = '';
    for await (const event of stream) {
      if (event.content_block?.type === 'tool_use') call += `${event.content_block.name} `;
      if (event.delta?.type === 'input_json_delta') call += event.delta.partial_json;
      if (event.delta?.type === 'text_delta' && event.delta.text) yield event.delta.text;
    }
    if (call) yield call;
  }

  return {
    path: () => '/v1/messages',
    model: modelNamed('claude'),
    // The format has no code: the error type is the stable word.
    blockWord: 'permission_error',
    blockWordOf: (error) => error.type,
    errorFor,

    async ask(ask) {
      const { content } = await sdk.messages.create(body(ask));
      const call = content.find((block) => block.type === 'tool_use');
      return { text: content.map((block) => block.text ?? '').join(''), tool: call && `${call.name} ${JSON.stringify(call.input)}` };
    },

    async open(ask) {
      const stream = await sdk.messages.create({ ...body(ask), stream: true });
      return { pieces: pieces(stream), cancel: () => stream.controller.abort() };
    },

    async helper(ask, onText) {
      const stream = sdk.messages.stream(body(ask));
      stream.on('text', onText);
      await stream.finalMessage();
    },
  };
}
