// Vercel's `ai` with its providers for OpenAI (Chat Completions and Responses) and Anthropic.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, streamText, tool } from 'ai';
import { earlier, modelNamed, toolDescription, toolInput, toolName, toolSchema } from './shared.mjs';

// It warns once for each Claude model that it does not know.
globalThis.AI_SDK_LOG_WARNINGS = false;

const tools = { [toolName]: tool({ description: toolDescription, inputSchema: jsonSchema(toolSchema) }) };

function vercel(model, settings, rest) {
  function body(ask) {
    const messages = earlier(ask, (role, content) => ({ role, content }));
    messages.push({ role: 'user', content: ask.image ? [{ type: 'text', text: ask.text }, { type: 'image', image: ask.image, mediaType: 'image/png' }] : ask.text });
    if (ask.toolResult) {
      const call = { toolCallId: 'call_1', toolName };
      messages.push({ role: 'assistant', content: [{ type: 'tool-call', ...call, input: toolInput }] });
      messages.push({ role: 'tool', content: [{ type: 'tool-result', ...call, output: { type: 'text', value: ask.toolResult } }] });
    }
    return { model: model(ask.model), messages, ...(ask.tool ? { tools } : {}), ...settings };
  }

  async function* pieces(result) {
    for await (const part of result.fullStream) {
      if (part.type === 'text-delta') yield part.text;
      if (part.type === 'tool-call') yield `${part.toolName} ${JSON.stringify(part.input)}`;
      if (part.type === 'error') throw part.error;
    }
  }

  /** The call behind `streamText`, with the errors that `onError` was told. */
  function start(ask) {
    const errors = [];
    const controller = new AbortController();
    const result = streamText({ ...body(ask), abortSignal: controller.signal, onError: ({ error }) => errors.push(error) });
    return { result, errors, cancel: () => controller.abort() };
  }

  const cause = (error) => error.lastError ?? error;
  return {
    // A call that was retried ends with an AI_RetryError around the last error.
    errorFor: (status) => (status === 429 || status >= 500 ? 'AI_RetryError' : 'AI_APICallError'),
    typeOf: (error) => error.name ?? 'an error part',
    statusOf: (error) => cause(error).statusCode,
    // Whole calls throw an AI_APICallError; an error in a stream is the error object of the frame.
    streamErrors: ['an error part', 'AI_APICallError', 'TypeError'],
    ...rest,
    start,

    async ask(ask) {
      const { text, toolCalls } = await generateText(body(ask));
      return { text, tool: toolCalls[0] && `${toolCalls[0].toolName} ${JSON.stringify(toolCalls[0].input)}` };
    },

    async open(ask) {
      const { result, cancel } = start(ask);
      return { pieces: pieces(result), cancel };
    },
  };
}

const openai = {
  model: modelNamed('gpt-4o'),
  blockWord: 'policy_blocked',
  blockWordOf: (error) => (error.data?.error ?? error).code,
};

export function vercelChat(gateway, key, settings) {
  const provider = createOpenAI({ baseURL: `${gateway}/v1`, apiKey: key });
  return vercel((name) => provider.chat(name), settings, { ...openai, path: () => '/v1/chat/completions' });
}

export function vercelResponses(gateway, key, settings) {
  const provider = createOpenAI({ baseURL: `${gateway}/v1`, apiKey: key });
  return vercel((name) => provider.responses(name), settings, { ...openai, path: () => '/v1/responses' });
}

export function vercelAnthropic(gateway, key, settings) {
  const provider = createAnthropic({ baseURL: `${gateway}/v1`, apiKey: key });
  return vercel((name) => provider(name), settings, {
    path: () => '/v1/messages',
    model: modelNamed('claude'),
    blockWord: 'permission_error',
    blockWordOf: (error) => (error.data?.error ?? error).type,
  });
}
