// LangChain.js chat models. They send through the vendors' SDKs with those SDKs' retries off and one of their own around them.
import { ChatAnthropic } from '@langchain/anthropic';
import { AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { dataUri, earlier, errorFor, modelNamed, toolDescription, toolInput, toolName, toolSchema } from './shared.mjs';

const tool = { type: 'function', function: { name: toolName, description: toolDescription, parameters: toolSchema } };
const write = (call) => `${call.name} ${JSON.stringify(call.args)}`;

function langchain(create, rest) {
  function messages(ask) {
    const list = earlier(ask, (role, text) => (role === 'user' ? new HumanMessage(text) : new AIMessage(text)));
    const image = ask.image && { type: 'image_url', image_url: { url: dataUri(ask.image) } };
    list.push(new HumanMessage(image ? { content: [{ type: 'text', text: ask.text }, image] } : ask.text));
    if (ask.toolResult) {
      list.push(new AIMessage({ content: '', tool_calls: [{ id: 'call_1', name: toolName, args: toolInput, type: 'tool_call' }] }));
      list.push(new ToolMessage({ content: ask.toolResult, tool_call_id: 'call_1' }));
    }
    return list;
  }

  const model = (ask, options = {}) => {
    const chat = create({ model: ask.model, ...options });
    return ask.tool ? chat.bindTools([tool]) : chat;
  };

  async function* pieces(stream) {
    let whole;
    for await (const chunk of stream) {
      if (chunk.text) yield chunk.text;
      whole = whole ? whole.concat(chunk) : chunk;
    }
    for (const call of whole?.tool_calls ?? []) yield write(call);
  }

  return {
    // It waits by its own clock, which may be shorter than what retry-after asks for.
    waitsAsTold: false,
    errorFor,
    ...rest,

    async ask(ask) {
      const message = await model(ask).invoke(messages(ask));
      return { text: message.text, tool: message.tool_calls?.[0] && write(message.tool_calls[0]) };
    },

    async open(ask) {
      const controller = new AbortController();
      const stream = await model(ask).stream(messages(ask), { signal: controller.signal });
      return { pieces: pieces(stream), cancel: () => controller.abort() };
    },

    /** A whole call that streams inside. */
    async helper(ask, onText) {
      const callbacks = [{ handleLLMNewToken: onText }];
      await model(ask, { streaming: true }).invoke(messages(ask), { callbacks });
    },
  };
}

const openai = { model: modelNamed('gpt-4o'), blockWord: 'policy_blocked', blockWordOf: (error) => error.code };

export const langchainOpenAI = (gateway, key, settings) =>
  langchain((options) => new ChatOpenAI({ apiKey: key, configuration: { baseURL: `${gateway}/v1` }, ...settings, ...options }), {
    ...openai,
    path: () => '/v1/chat/completions',
  });

export const langchainResponses = (gateway, key, settings) =>
  langchain((options) => new ChatOpenAI({ apiKey: key, configuration: { baseURL: `${gateway}/v1` }, useResponsesApi: true, ...settings, ...options }), {
    ...openai,
    path: () => '/v1/responses',
    // The assistant's turn becomes an empty message and the call.
    toolTurns: 4,
  });

export const langchainAnthropic = (gateway, key, settings) =>
  langchain((options) => new ChatAnthropic({ apiKey: key, anthropicApiUrl: gateway, ...settings, ...options }), {
    model: modelNamed('claude'),
    blockWord: 'permission_error',
    blockWordOf: (error) => error.type,
    path: () => '/v1/messages',
  });
