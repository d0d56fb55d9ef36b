// The two SDKs behind the few operations that the scenarios need. Nothing about them is changed but base address and key.
import { randomUUID } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const args = { city: 'Oslo' };
const roleAt = (index) => (index % 2 === 0 ? 'user' : 'assistant');
const history = (ask) => (ask.history ?? []).map((content, index) => ({ role: roleAt(index), content }));

export class OpenAIClient {
  name = 'openai-npm';
  path = '/v1/chat/completions';
  blockWord = 'policy_blocked';

  constructor(gateway, key) {
    this.sdk = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key });
  }

  model = (behaviour) => `gpt-4o-${behaviour}-${randomUUID()}`;

  errorFor(status) {
    const names = { 400: 'BadRequestError', 401: 'AuthenticationError', 403: 'PermissionDeniedError', 404: 'NotFoundError', 429: 'RateLimitError' };
    return names[status] ?? (status >= 500 ? 'InternalServerError' : 'APIError');
  }

  blockWordOf = (error) => error.code;

  async ask(ask) {
    const { message } = (await this.sdk.chat.completions.create(this.#body(ask))).choices[0];
    const call = message.tool_calls?.[0]?.function;
    return { text: message.content ?? '', tool: call && `${call.name} ${call.arguments}` };
  }

  async open(ask) {
    const stream = await this.sdk.chat.completions.create({ ...this.#body(ask), stream: true });
    return { stream, pieces: this.#pieces(stream) };
  }

  async helper(ask, onText) {
    const stream = this.sdk.chat.completions.stream(this.#body(ask));
    stream.on('content', onText);
    await stream.finalChatCompletion();
  }

  async *#pieces(stream) {
    let call = '';
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta;
      if (delta?.content) yield delta.content;
      for (const part of delta?.tool_calls ?? []) call += `${part.function.name ? `${part.function.name} ` : ''}${part.function.arguments ?? ''}`;
    }
    if (call) yield call;
  }

  #body(ask) {
    const image = ask.image && { type: 'image_url', image_url: { url: `data:image/png;base64,${ask.image}` } };
    const messages = [...history(ask), { role: 'user', content: image ? [{ type: 'text', text: ask.text }, image] : ask.text }];
    if (ask.toolResult) {
      messages.push({ role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: JSON.stringify(args) } }] });
      messages.push({ role: 'tool', tool_call_id: 'call_1', content: ask.toolResult });
    }
    const tool = { type: 'function', function: { name: 'get_weather', description: 'The weather in a city.', parameters: city } };
    return { model: ask.model, messages, ...(ask.tool ? { tools: [tool] } : {}) };
  }
}

export class AnthropicClient {
  name = 'anthropic-npm';
  path = '/v1/messages';
  // The format has no code: the error type is the stable word.
  blockWord = 'permission_error';

  constructor(gateway, key) {
    this.sdk = new Anthropic({ baseURL: gateway, apiKey: key });
  }

  model = (behaviour) => `claude-${behaviour}-${randomUUID()}`;

  errorFor(status) {
    const names = {
      400: 'BadRequestError', 401: 'AuthenticationError', 403: 'PermissionDeniedError', 404: 'NotFoundError', 413: 'ContentTooLargeError',
      429: 'RateLimitError', 503: 'ServiceUnavailableError', 504: 'GatewayTimeoutError', 529: 'OverloadedError',
    };
    return names[status] ?? (status >= 500 ? 'InternalServerError' : 'APIError');
  }

  blockWordOf = (error) => error.type;

  async ask(ask) {
    const { content } = await this.sdk.messages.create(this.#body(ask));
    const call = content.find((block) => block.type === 'tool_use');
    return { text: content.map((block) => block.text ?? '').join(''), tool: call && `${call.name} ${JSON.stringify(call.input)}` };
  }

  async open(ask) {
    const stream = await this.sdk.messages.create({ ...this.#body(ask), stream: true });
    return { stream, pieces: this.#pieces(stream) };
  }

  async helper(ask, onText) {
    const stream = this.sdk.messages.stream(this.#body(ask));
    stream.on('text', onText);
    await stream.finalMessage();
  }

  async *#pieces(stream) {
    let call = '';
    for await (const event of stream) {
      if (event.content_block?.type === 'tool_use') call += `${event.content_block.name} `;
      if (event.delta?.type === 'input_json_delta') call += event.delta.partial_json;
      if (event.delta?.type === 'text_delta' && event.delta.text) yield event.delta.text;
    }
    if (call) yield call;
  }

  #body(ask) {
    const image = ask.image && { type: 'image', source: { type: 'base64', media_type: 'image/png', data: ask.image } };
    const messages = [...history(ask), { role: 'user', content: image ? [{ type: 'text', text: ask.text }, image] : ask.text }];
    if (ask.toolResult) {
      messages.push({ role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: args }] });
      messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: ask.toolResult }] });
    }
    const tool = { name: 'get_weather', description: 'The weather in a city.', input_schema: city };
    return { model: ask.model, max_tokens: 256, messages, ...(ask.tool ? { tools: [tool] } : {}) };
  }
}
