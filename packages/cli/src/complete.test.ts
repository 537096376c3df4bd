import { expect, test } from 'vitest';
import { completionsFor } from './complete.ts';

const flag = (name: string) => ({ name, summary: `About ${name}.` });
const commands = [
  { id: 'timeline', summary: 'Read.', flags: [flag('all'), flag('limit')] },
  { id: 'token:create', summary: 'Create a token.', flags: [flag('scope')] },
  { id: 'token:list', summary: 'List tokens.', flags: [] },
  { id: 'post', summary: 'Publish a post.', flags: [flag('media')] },
  { id: 'post:show', summary: 'Show a post.', flags: [flag('replies')] },
];
const topics = [
  { name: 'token', summary: 'Tokens.' },
  { name: 'post', summary: 'Posts.' },
];
const values = (...words: string[]) => completionsFor(words, commands, topics).map(({ value }) => value);

test.each([
  [[''], ['post', 'timeline', 'token']],
  [['t'], ['timeline', 'token']],
  [
    ['token', ''],
    ['create', 'list'],
  ],
  [['token', 'c'], ['create']],
  [['--json', 'token', 'l'], ['list']],
  [['post', ''], ['show']],
  [['nothing', ''], []],
  [
    ['timeline', '--'],
    ['--all', '--limit', '--help'],
  ],
  [['timeline', '--al'], ['--all']],
  [['post', 'some text', '--me'], ['--media']],
  [
    ['token', 'create', '-'],
    ['--scope', '--help'],
  ],
  [['post', '--', '-'], []],
  [[], ['post', 'timeline', 'token']],
])('%j can become %j', (words, expected) => {
  expect(values(...words)).toEqual(expected);
});

test('candidates have descriptions', () => {
  expect(completionsFor(['to'], commands, topics)).toEqual([{ value: 'token', summary: 'Tokens.' }]);
});
