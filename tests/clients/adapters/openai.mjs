// The package `openai`: Chat Completions, Responses, Embeddings.
import OpenAI from 'openai';
import { dataUri, earlier, errorFor, modelNamed, toolArguments, toolDescription, toolName, toolSchema } from './shared.mjs';

/** What the three have in common. */
const base = (gateway, key, settings) => ({
  sdk: new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key, ...settings }),
  model: modelNamed('gpt-4o'),
  blockWord: 'policy_blocked',
  blockWordOf: (error) => error.code,
  errorFor,
});

export function openaiChat(gateway, key, settings) {
  const client = base(gateway, key, settings);

  function body(ask) {
    const image = ask.image && { type: 'image_url', image_url: { url: dataUri(ask.image) } };
    const messages = earlier(ask, (role, content) => ({ role, content }));
    messages.push({ role: 'user', content: image ? [{ type: 'text', text: ask.text }, image] : ask.text });
    if (ask.toolResult) {
      messages.push({ role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: toolName, arguments: toolArguments } }] });
      messages.push({ role: 'tool', tool_call_id: 'call_1', content: ask.toolResult });
    }
    const tool = { type: 'function', function: { name: toolName, description: toolDescription, parameters: toolSchema } };
    return { model: ask.model, messages, ...(ask.tool ? { tools: [tool] } : {}) };
  }

  async function* pieces(stream) {
    let call = '';
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta;
      if (delta?.content) yield delta.content;
      for (const part of delta?.tool_calls ?? []) call += `${part.function.name ? `${part.function.name} ` : ''}${part.function.arguments ?? ''}`;
    }
    if (call) yield call;
  }

  return {
    ...client,
    path: () => '/v1/chat/completions',

    async ask(ask) {
      const { message } = (await client.sdk.chat.completions.create(body(ask))).choices[0];
      const call = message.tool_calls?.[0]?.function;
      return { text: message.content ?? '', tool: call && `${call.name} ${call.arguments}` };
    },

    async open(ask) {
      const stream = await client.sdk.chat.completions.create({ ...body(ask), stream: true });
      return { pieces: pieces(stream), cancel: () => stream.controller.abort() };
    },

    async helper(ask, onText) {
      const stream = client.sdk.chat.completions.stream(body(ask));
      stream.on('content', onText);
      await stream.finalChatCompletion();
    },
  };
}

export function openaiResponses(gateway, key, settings) {
  const client = base(gateway, key, settings);

  function body(ask) {
    const image = ask.image && { type: 'input_image', image_url: dataUri(ask.image), detail: 'auto' };
    const input = earlier(ask, (role, content) => ({ role, content }));
    input.push({ role: 'user', content: image ? [{ type: 'input_text', text: ask.text }, image] : ask.text });
    if (ask.toolResult) {
      input.push({ type: 'function_call', call_id: 'call_1', name: toolName, arguments: toolArguments });
      input.push({ type: 'function_call_output', call_id: 'call_1', output: ask.toolResult });
    }
    const tool = { type: 'function', name: toolName, description: toolDescription, parameters: toolSchema, strict: true };
    return { model: ask.model, input, ...(ask.tool ? { tools: [tool] } : {}) };
  }

  async function* pieces(stream) {
    let call = '';
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') yield event.delta;
      if (event.type === 'response.output_item.added' && event.item.type === 'function_call') call += `${event.item.name} `;
      if (event.type === 'response.function_call_arguments.delta') call += event.delta;
    }
    if (call) yield call;
  }

  return {
    ...client,
    path: () => '/v1/responses',

    async ask(ask) {
      const response = await client.sdk.responses.create(body(ask));
      const call = response.output.find((item) => item.type === 'function_call');
      return { text: response.output_text, tool: call && `${call.name} ${call.arguments}` };
    },

    async open(ask) {
      const stream = await client.sdk.responses.create({ ...body(ask), stream: true });
      return { pieces: pieces(stream), cancel: () => stream.controller.abort() };
    },

    async helper(ask, onText) {
      const stream = client.sdk.responses.stream(body(ask));
      stream.on('response.output_text.delta', ({ delta }) => onText(delta));
      await stream.finalResponse();
    },
  };
}

/** The scripted provider answers with the character codes of its text, so that a vector reads as a text. */
export function openaiEmbeddings(gateway, key, settings) {
  const client = base(gateway, key, settings);
  return {
    ...client,
    model: modelNamed('text-embedding-3'),
    path: () => '/v1/embeddings',

    async ask(ask) {
      const { data } = await client.sdk.embeddings.create({ model: ask.model, input: [ask.text] });
      return { text: String.fromCharCode(...data[0].embedding) };
    },
  };
}
