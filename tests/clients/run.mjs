// Runs every scenario with both SDKs, one after the other, and prints one JSON line for each:
// {"client":"openai-npm","scenario":"plain","ok":true} or {..., "ok":false, "error":"..."}. Ends with 1 when one failed.
// Needs GATEWAY_URL, GATEWAY_KEY, GATEWAY_LIMITED_OPENAI_KEY, GATEWAY_LIMITED_ANTHROPIC_KEY, GATEWAY_BODY_LIMIT and PROVIDER_URL.
// Arguments, if any, name the scenarios to run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { scenarios } from './scenarios.mjs';
import { key, kinds } from './world.mjs';

const names = JSON.parse(readFileSync(new URL('scenarios.json', import.meta.url), 'utf8'));
assert.deepEqual(Object.keys(scenarios).sort(), [...names].sort(), 'scenarios.json and scenarios.mjs differ.');
const limitMs = 60_000;
const wanted = process.argv.slice(2);

async function run(kind, name) {
  const client = kind.create(key);
  const line = { client: client.name, scenario: name, ok: true };
  const limit = new AbortController();
  try {
    const late = pause(limitMs, undefined, { signal: limit.signal }).then(() => assert.fail(`Not done after ${limitMs} ms.`));
    late.catch(() => {});
    await Promise.race([scenarios[name]({ client, create: kind.create, limited: kind.create(kind.limitedKey) }), late]);
  } catch (error) {
    Object.assign(line, { ok: false, error: error.stack ?? String(error) });
  } finally {
    limit.abort();
  }
  console.log(JSON.stringify(line));
  return line.ok;
}

let failed = 0;
for (const kind of kinds) {
  for (const name of names.filter((n) => wanted.length === 0 || wanted.includes(n))) failed += (await run(kind, name)) ? 0 : 1;
}
// SDK connections may stay open; nothing is left to wait for.
process.exit(failed === 0 ? 0 : 1);
