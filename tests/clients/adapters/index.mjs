// Every client by the name that scenarios.json calls it by. A client is made of the gateway's address, a key and, where a scenario needs fewer
// retries than the SDK's own, { maxRetries }. It has
//   path(model), credential       where and how a request made by hand is sent
//   model(behaviour)              a model name under which the provider behaves so
//   ask(ask) -> { text, tool }    a whole call
//   open(ask) -> { pieces, cancel }  a streamed call
//   helper(ask, onText)           the SDK's own way to read a stream to its end, if it has one
//   errorFor(status), typeOf(error), statusOf(error), blockWord, blockWordOf(error), streamErrors   what its errors look like
//   toolTurns                     how many messages or items it sends for a question, the model's call and its result
//   retries, waitsAsTold          whether it tries again after 429 and 5xx, and whether it waits as long as retry-after says
import { anthropic } from './anthropic.mjs';
import { gemini } from './gemini.mjs';
import { langchainAnthropic, langchainOpenAI, langchainResponses } from './langchain.mjs';
import { openaiChat, openaiEmbeddings, openaiResponses } from './openai.mjs';
import { vercelAnthropic, vercelChat, vercelResponses } from './vercel.mjs';

const factories = {
  'openai-npm': openaiChat,
  'openai-responses-npm': openaiResponses,
  'openai-embeddings-npm': openaiEmbeddings,
  'anthropic-npm': anthropic,
  'gemini-npm': gemini,
  'vercel-openai-npm': vercelChat,
  'vercel-responses-npm': vercelResponses,
  'vercel-anthropic-npm': vercelAnthropic,
  'langchain-openai-npm': langchainOpenAI,
  'langchain-responses-npm': langchainResponses,
  'langchain-anthropic-npm': langchainAnthropic,
};

export function createClient(name, gateway, key, settings = {}) {
  return {
    name,
    credential: { authorization: `Bearer ${key}` },
    typeOf: (error) => error.constructor.name,
    statusOf: (error) => error.status,
    streamErrors: ['APIError', 'ApiError', 'TypeError', 'APIConnectionError'],
    retries: true,
    waitsAsTold: true,
    toolTurns: 3,
    ...factories[name](gateway, key, settings),
  };
}
