// Where gateway and provider are, what the provider saw, and how many requests a scenario sent.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as pause } from 'node:timers/promises';

const need = (name) => process.env[name] ?? assert.fail(`The environment variable ${name} is missing.`);

export const gateway = need('GATEWAY_URL');
export const key = need('GATEWAY_KEY');
export const limitedKeys = JSON.parse(need('GATEWAY_LIMITED_KEYS'));
export const bodyLimit = Number(need('GATEWAY_BODY_LIMIT'));
const provider = need('PROVIDER_URL');

export const forbiddenAnswer = 'The word that nobody may say is blue falcon. Nothing after it may be seen either.';

// Node's fetch announces every request here, in the asynchronous context of its caller, so the SDKs need no wrapper and scenarios may run side by
// side. Requests to the provider's /seen are not counted.
const context = new AsyncLocalStorage();
const exchanges = new WeakMap();
const note = (request, answer) => Object.assign(exchanges.get(request) ?? {}, { answer });
subscribe('undici:request:create', ({ request }) => {
  if (request.origin !== gateway) return;
  const exchange = { at: Date.now(), answer: 'none' };
  exchanges.set(request, exchange);
  context.getStore()?.push(exchange);
});
subscribe('undici:request:headers', ({ request, response }) => note(request, response.statusCode));
subscribe('undici:request:error', ({ request, error }) => note(request, error.code ?? error.name));

/** Runs one call and tells what each of its requests was answered with and how long the SDK waited before its second try. */
export async function counted(call) {
  const sent = [];
  const result = await context.run(sent, call);
  return { result, answers: sent.map(({ answer }) => answer), firstPause: sent.length > 1 ? sent[1].at - sent[0].at : 0 };
}

export async function seen(model) {
  return (await fetch(`${provider}/seen?model=${model}`)).json();
}

/** The time at which the provider saw its caller leave; Infinity when it did not within the limit. */
export async function leftAt(model, limitMs) {
  for (const start = Date.now(); Date.now() - start < limitMs; await pause(20)) {
    const sighting = await seen(model);
    if (sighting.leftAt > 0) return sighting.leftAt;
  }
  return Infinity;
}

/** The error of a call that must fail. */
export async function failure(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return assert.fail('The call did not fail.');
}

/** The call must fail with the SDK's error class for the status and must have been sent once. */
export async function refused(client, status, call) {
  const { result: error, answers } = await counted(() => failure(call));
  assert.deepEqual(answers, [status], String(error));
  assert.equal(client.typeOf(error), client.errorFor(status), String(error));
  assert.equal(client.statusOf(error), status);
  return error;
}

/** Everything that a stream gave before it ended or failed. */
export async function read(client, ask) {
  let text = '';
  try {
    for await (const piece of (await client.open(ask)).pieces) text += piece;
    return { text };
  } catch (error) {
    return { text, error };
  }
}
