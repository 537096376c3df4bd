import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findMessages } from './find-messages.ts';
import { logMessages, withMessageTables } from './log-messages.ts';

const root = join(import.meta.dirname, '../..');
const found = findMessages(root);
const known = new Map(Object.values(logMessages).flatMap((messages) => Object.entries(messages)));

test('log messages are searchable: short lower-case literals', () => {
  expect(found.length).toBeGreaterThan(80);
  expect(found.filter(({ msg }) => msg === undefined).map(({ at }) => at)).toEqual([]);
  for (const { msg, at } of found) expect(`${at} ${msg}`).toMatch(/ [a-z][a-z -]{6,44}$/);
});

test('the catalogue has exactly the messages of the code, with their levels', () => {
  const missing = found.filter(({ msg = '' }) => !known.has(msg)).map(({ msg, at }) => `${msg} (${at})`);
  expect(missing).toEqual([]);
  const logged = new Set(found.map(({ msg }) => msg));
  expect([...known.keys()].filter((msg) => !logged.has(msg))).toEqual([]);
  const wrong = found.filter(({ msg = '', level }) => level !== undefined && known.get(msg)?.level !== level);
  expect(wrong).toEqual([]);
});

test('docs/operations/logs.md is up to date; otherwise run npm run generate', () => {
  const page = readFileSync(join(root, 'docs/operations/logs.md'), 'utf8');
  expect(page).toBe(withMessageTables(page));
});
