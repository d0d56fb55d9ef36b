// What the adapters have in common: the one tool, and the history of a long conversation.
import { randomUUID } from 'node:crypto';

export const toolName = 'get_weather';
export const toolDescription = 'The weather in a city.';
export const toolSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
export const toolInput = { city: 'Oslo' };
export const toolArguments = JSON.stringify(toolInput);

/** Earlier turns as `turn(role, text)` writes them, user and assistant by turns. */
export const earlier = (ask, turn) => (ask.history ?? []).map((text, index) => turn(index % 2 === 0 ? 'user' : 'assistant', text));

/** A model name under which the scripted provider behaves as the word says; every call gives a new one. */
export const modelNamed = (family) => (behaviour) => `${family}-${behaviour}-${randomUUID()}`;

export const dataUri = (base64) => `data:image/png;base64,${base64}`;

/** Error classes by status of the package `openai`, and of `@anthropic-ai/sdk` before 1.0. */
export function errorFor(status) {
  const names = { 400: 'BadRequestError', 401: 'AuthenticationError', 403: 'PermissionDeniedError', 404: 'NotFoundError', 429: 'RateLimitError' };
  return names[status] ?? (status >= 500 ? 'InternalServerError' : 'APIError');
}
