// Runs every scenario of scenarios.json with its clients and prints one JSON line for each:
// {"client":"openai-npm","scenario":"plain","ok":true,"ms":12} or {..., "ok":false, "error":"..."}. Ends with 1 when one failed.
// Needs GATEWAY_URL, GATEWAY_KEY, GATEWAY_LIMITED_KEYS (JSON, a key by client), GATEWAY_BODY_LIMIT and PROVIDER_URL.
// Arguments, if any, are words that "client scenario" must contain, one of them at least.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from './adapters/index.mjs';
import { scenarios } from './scenarios.mjs';
import { gateway, key, limitedKeys } from './world.mjs';

const limitMs = 60_000;
// Most scenarios wait for a clock, of the provider, of the limit or of the SDK's retries.
const atOnce = 6;
const wanted = process.argv.slice(2);
const { sets, clients } = JSON.parse(readFileSync(new URL('scenarios.json', import.meta.url), 'utf8'));
assert.deepEqual(Object.keys(scenarios).sort(), Object.values(sets).flat().sort(), 'scenarios.json and scenarios.mjs differ.');

async function run({ client: name, scenario }) {
  const create = (k, settings) => createClient(name, gateway, k, settings);
  const started = performance.now();
  const line = { client: name, scenario, ok: true };
  const limit = new AbortController();
  try {
    const late = pause(limitMs, undefined, { signal: limit.signal }).then(() => assert.fail(`Not done after ${limitMs} ms.`));
    late.catch(() => {});
    await Promise.race([scenarios[scenario]({ client: create(key), create, limited: create(limitedKeys[name]) }), late]);
  } catch (error) {
    Object.assign(line, { ok: false, error: error.stack ?? String(error) });
  } finally {
    limit.abort();
  }
  console.log(JSON.stringify({ ...line, ms: Math.round(performance.now() - started) }));
  return line.ok;
}

const work = Object.entries(clients)
  .flatMap(([client, names]) => names.flatMap((set) => sets[set]).map((scenario) => ({ client, scenario })))
  .filter(({ client, scenario }) => wanted.length === 0 || wanted.some((word) => `${client} ${scenario}`.includes(word)));
let failed = 0;
const worker = async () => {
  for (let next = work.shift(); next; next = work.shift()) failed += (await run(next)) ? 0 : 1;
};
await Promise.all(Array.from({ length: atOnce }, worker));
// SDK connections may stay open; nothing is left to wait for.
process.exit(failed === 0 ? 0 : 1);
