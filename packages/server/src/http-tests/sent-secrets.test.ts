import { expect, test } from 'vitest';
import { captureLog } from './captured-log.ts';
import { secretsIn } from './sent-secrets.ts';

const secrets = new Map([
  ['a thought of mine', 'text'],
  ['Hi', 'text'],
  ['GET', 'q'],
  ['é\n"quoted"', 'bio'],
  ['#secret wolves', 'q'],
]);

test('a secret is found anywhere in a line', () => {
  const { log, lines } = captureLog();
  log.trace({ method: 'GETS', msgs: 'Hickory' }, 'request completed');
  expect(secretsIn(lines, secrets)).toEqual([]);
  log.trace({ body: { text: ['Hi'] } }, 'request completed');
  expect(secretsIn(lines, secrets)).toEqual(['text: Hi']);
  log.trace({ err: new Error('no such post: a thought of mine!') }, 'request completed');
  log.trace('said é\n"quoted"');
  log.trace({ url: '/v1/search/posts?q=%23secret+wolves&limit=3' }, 'request completed');
  expect(secretsIn(lines, secrets)).toEqual([
    'text: a thought of mine',
    'text: Hi',
    'bio: é\n"quoted"',
    'q: #secret wolves',
  ]);
});
