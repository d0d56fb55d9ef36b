// The scenarios of scenarios.json for one client each. A scenario throws when the gateway does not keep its promise.
import assert from 'node:assert/strict';
import { bodyLimit, counted, failure, forbiddenAnswer, gateway, key, leftAt, read, refused, seen } from './world.mjs';

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const call = 'get_weather {"city":"Oslo"}';
const counts = (messages, { images = 0, tools = 0, results = 0 } = {}) => `messages=${messages} images=${images} tools=${tools} results=${results}`;
const namesDecision = (error) => assert.match(error.message, /decision [A-Za-z0-9_-]{8,}/);
const untouched = async (model) => assert.equal((await seen(model)).requests, 0, 'The provider saw the request.');

function releasedOnlyAllowed(text) {
  assert.ok(forbiddenAnswer.startsWith(text), `Not a beginning of the answer: ${text}`);
  assert.ok(text.length <= forbiddenAnswer.indexOf('blue'), `Released: ${text}`);
}

/** The call fails after one more try: with their own numbers of retries, up to six, some SDKs would keep at it for minutes. */
async function serverError(create, behaviour) {
  const client = create(key, { maxRetries: 1 });
  const { result: error, answers } = await counted(() => failure(() => client.ask({ model: client.model(behaviour), text: 'Hello.' })));
  const status = client.statusOf(error);
  assert.ok(status >= 500, String(error));
  assert.equal(client.typeOf(error), client.errorFor(status), String(error));
  assert.deepEqual(answers, client.retries ? [status, status] : [status]);
}

async function brokenStream(client, behaviour) {
  const { error } = await read(client, { model: client.model(behaviour), text: 'Talk.' });
  assert.ok(error, 'The stream ended as if it were complete.');
  assert.ok(client.streamErrors.includes(client.typeOf(error)), `${client.typeOf(error)}: ${error}`);
}

/** Cancels a stream after its first piece and leaves it; how many milliseconds it took until the provider saw its caller leave. */
async function cancelled(client, model) {
  const { pieces, cancel } = await client.open({ model, text: 'Talk.' });
  await pieces.next();
  const at = Date.now();
  cancel();
  // Node's fetch forgets a signal whose request was collected as garbage meanwhile; leaving the loop closes the connection in any case.
  pieces.return().catch(() => {});
  return (await leftAt(model, 5_000)) - at;
}

/** What an application learns that reads only the texts of a stream: no exception reaches it, but the handler and the finish reason tell. */
async function textOnly(client, ask) {
  const { result, answers } = await counted(async () => {
    const { result: stream, errors } = client.start(ask);
    let text = '';
    for await (const piece of stream.textStream) text += piece;
    return { text, errors, finishReason: await Promise.resolve(stream.finishReason).catch((error) => error.name) };
  });
  assert.equal(result.errors.length, 1, 'The error handler was not told, or more than once.');
  return { ...result, answers };
}

export const scenarios = {
  async plain({ client }) {
    assert.equal((await client.ask({ model: client.model('plain'), text: 'Hello.' })).text, counts(1));
  },

  async streamed({ client }) {
    assert.deepEqual(await read(client, { model: client.model('plain'), text: 'Hello.' }), { text: counts(1) });
  },

  async tools({ client }) {
    const ask = { model: client.model('tools'), text: 'What is the weather in Oslo?', tool: true };
    assert.deepEqual(await client.ask(ask), { text: '', tool: call });
    assert.equal((await client.ask({ ...ask, toolResult: 'rain' })).text, counts(client.toolTurns, { tools: 1, results: 1 }));
  },

  async 'tools-streamed'({ client }) {
    assert.deepEqual(await read(client, { model: client.model('tools'), text: 'What is the weather in Oslo?', tool: true }), { text: call });
  },

  async images({ client }) {
    assert.equal((await client.ask({ model: client.model('plain'), text: 'What is this?', image: pixel })).text, counts(1, { images: 1 }));
  },

  async 'long-conversation'({ client }) {
    const history = Array.from({ length: 200 }, (_, i) => `Turn ${i}: some words that were said before.`);
    assert.equal((await client.ask({ model: client.model('plain'), text: 'And now?', history })).text, counts(201));
  },

  async 'blocked-input'({ client }) {
    const model = client.model('plain');
    const error = await refused(client, 403, () => client.ask({ model, text: 'Tell me about Blue Falcon.' }));
    assert.equal(client.blockWordOf(error), client.blockWord);
    assert.doesNotMatch(error.message, /blue falcon/i);
    namesDecision(error);
    await untouched(model);
  },

  async 'blocked-input-streamed'({ client }) {
    const model = client.model('plain');
    let text;
    const error = await refused(client, 403, async () => {
      const result = await read(client, { model, text: 'Tell me about Blue Falcon.' });
      text = result.text;
      if (result.error) throw result.error;
    });
    assert.equal(text, '');
    namesDecision(error);
    await untouched(model);
  },

  async 'blocked-output'({ client }) {
    const model = client.model('forbidden');
    const error = await refused(client, 403, () => client.ask({ model, text: 'Tell me.' }));
    assert.doesNotMatch(error.message, /blue falcon/i);
    namesDecision(error);
    assert.equal((await seen(model)).requests, 1);
  },

  async 'blocked-mid-stream'({ client }) {
    const model = client.model('forbidden');
    const { result, answers } = await counted(() => read(client, { model, text: 'Tell me.' }));
    releasedOnlyAllowed(result.text);
    assert.ok(result.error, 'The stream ended as if it were complete.');
    // The block comes as a status when nothing had been released yet.
    assert.ok([...client.streamErrors, client.errorFor(403)].includes(client.typeOf(result.error)), String(result.error));
    assert.equal(client.blockWordOf(result.error), client.blockWord);
    namesDecision(result.error);
    assert.equal(answers.length, 1, `The SDK retried: ${answers}`);
    assert.equal((await seen(model)).requests, 1);
  },

  async 'blocked-mid-stream-helper'({ client }) {
    let text = '';
    const error = await failure(() => client.helper({ model: client.model('forbidden'), text: 'Tell me.' }, (piece) => { text += piece; }));
    releasedOnlyAllowed(text);
    assert.ok([...client.streamErrors, client.errorFor(403)].includes(client.typeOf(error)), String(error));
    namesDecision(error);
  },

  async 'rate-limited'({ limited: client }) {
    await client.ask({ model: client.model('plain'), text: 'First.' });
    const model = client.model('plain');
    if (!client.retries) {
      await refused(client, 429, () => client.ask({ model, text: 'Second.' }));
      return untouched(model);
    }
    const { answers, firstPause } = await counted(() => client.ask({ model, text: 'Second.' }));
    if (client.waitsAsTold) assert.deepEqual(answers, [429, 200]);
    assert.deepEqual([answers[0], answers.at(-1)], [429, 200]);
    assert.ok(firstPause >= 1000, `The SDK waited only ${firstPause} ms.`);
    assert.equal((await seen(model)).requests, 1);
  },

  async 'unknown-model'({ client }) {
    const model = `mystery-${client.model('plain')}`;
    await refused(client, 404, () => client.ask({ model, text: 'Hello.' }));
    await untouched(model);
  },

  async 'bad-key'({ create }) {
    const client = create('gw_0000000000000000_not-a-key');
    const model = client.model('plain');
    await refused(client, 401, () => client.ask({ model, text: 'Hello.' }));
    await untouched(model);
  },

  async 'oversize-body'({ client }) {
    const model = client.model('plain');
    await refused(client, 413, () => client.ask({ model, text: 'x'.repeat(bodyLimit + 100_000) }));
    await untouched(model);
  },

  async 'malformed-json'({ client }) {
    const model = client.model('plain');
    const headers = { ...client.credential, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' };
    const response = await fetch(gateway + client.path(model), { method: 'POST', headers, body: `{"model":"${model}","messages":[` });
    assert.equal(response.status, 400);
    assert.ok(response.headers.get('x-gateway-decision-id'));
    assert.ok((await response.json()).error.message);
    await untouched(model);
  },

  async 'client-cancel'({ client }) {
    // A busy machine can only lengthen one passage; a gateway that waits for a timer or for the provider's end is slow every time.
    let fastest = Infinity;
    for (let attempt = 0; attempt < 3 && fastest >= 1000; attempt++) fastest = Math.min(fastest, await cancelled(client, client.model('slow')));
    assert.ok(fastest < 1000, `The provider saw the cancel after ${fastest} ms at best.`);
  },

  'provider-500': ({ create }) => serverError(create, 'fail'),

  'provider-timeout': ({ create }) => serverError(create, 'hang'),

  'cut-stream': ({ client }) => brokenStream(client, 'cut'),

  'unfinished-stream': ({ client }) => brokenStream(client, 'eof'),

  async 'blocked-input-text-only'({ client }) {
    const model = client.model('plain');
    const { text, errors, finishReason, answers } = await textOnly(client, { model, text: 'Tell me about Blue Falcon.' });
    assert.deepEqual([text, finishReason, answers], ['', 'AI_NoOutputGeneratedError', [403]]);
    assert.equal(client.blockWordOf(errors[0]), client.blockWord);
    namesDecision(errors[0]);
    await untouched(model);
  },

  async 'blocked-mid-stream-text-only'({ client }) {
    const { text, errors, finishReason, answers } = await textOnly(client, { model: client.model('forbidden'), text: 'Tell me.' });
    releasedOnlyAllowed(text);
    assert.deepEqual([finishReason, answers], ['error', [200]]);
    assert.equal(client.blockWordOf(errors[0]), client.blockWord);
    namesDecision(errors[0]);
  },

  async 'cut-stream-text-only'({ client }) {
    const { finishReason } = await textOnly(client, { model: client.model('cut'), text: 'Talk.' });
    assert.equal(finishReason, 'error');
  },
};
