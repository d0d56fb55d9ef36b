// The package `@google/genai`: generateContent. It retries nothing by itself.
import { GoogleGenAI } from '@google/genai';
import { earlier, modelNamed, toolDescription, toolInput, toolName, toolSchema } from './shared.mjs';

export function gemini(gateway, key) {
  const sdk = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: gateway } });
  const text = (words) => ({ text: words });

  function body(ask, signal) {
    const contents = earlier(ask, (role, words) => ({ role: role === 'user' ? 'user' : 'model', parts: [text(words)] }));
    const image = ask.image ? [{ inlineData: { mimeType: 'image/png', data: ask.image } }] : [];
    contents.push({ role: 'user', parts: [text(ask.text), ...image] });
    if (ask.toolResult) {
      contents.push({ role: 'model', parts: [{ functionCall: { name: toolName, args: toolInput } }] });
      contents.push({ role: 'user', parts: [{ functionResponse: { name: toolName, response: { output: ask.toolResult } } }] });
    }
    const tools = ask.tool ? [{ functionDeclarations: [{ name: toolName, description: toolDescription, parametersJsonSchema: toolSchema }] }] : undefined;
    return { model: ask.model, contents, config: { tools, abortSignal: signal } };
  }

  const partsOf = (response) => response.candidates?.[0]?.content?.parts ?? [];
  const callOf = (part) => part.functionCall && `${part.functionCall.name} ${JSON.stringify(part.functionCall.args)}`;

  async function* pieces(stream) {
    let call = '';
    for await (const chunk of stream) {
      for (const part of partsOf(chunk)) {
        if (part.text) yield part.text;
        call += callOf(part) ?? '';
      }
    }
    if (call) yield call;
  }

  return {
    path: (model) => `/v1beta/models/${model}:generateContent`,
    credential: { 'x-goog-api-key': key },
    model: modelNamed('gemini-2.5-flash'),
    // The SDK's exception has the error body in its message, behind a few words when it came in a stream.
    blockWord: 'POLICY_BLOCKED',
    blockWordOf: (error) => /"reason":"(\w+)"/.exec(error.message)?.[1],
    errorFor: () => 'ApiError',
    retries: false,

    async ask(ask) {
      const parts = partsOf(await sdk.models.generateContent(body(ask)));
      return { text: parts.map((part) => part.text ?? '').join(''), tool: parts.map(callOf).find(Boolean) };
    },

    async open(ask) {
      const controller = new AbortController();
      const stream = await sdk.models.generateContentStream(body(ask, controller.signal));
      return { pieces: pieces(stream), cancel: () => controller.abort() };
    },

    async helper(ask, onText) {
      const chat = sdk.chats.create({ model: ask.model });
      for await (const chunk of await chat.sendMessageStream({ message: ask.text })) onText(chunk.text ?? '');
    },
  };
}
