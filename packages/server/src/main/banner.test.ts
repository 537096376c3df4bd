import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { makeBanner } from './banner.ts';

const ready = { url: 'http://127.0.0.1:8081', metricsUrl: undefined, data: './data', twite: 'echo twite' };

/** The lines that are indented as commands. */
const commandsOf = (banner: string): string[] => {
  const [, after = ''] = banner.split('Try:');
  return [...after.matchAll(/^ {4}(.+)$/gm)].map(([, command = '']) => command);
};

test.each([
  ['a new server', undefined],
  [
    'a demo network',
    { handle: 'cosette', password: 'secret', summary: { accounts: 77, follows: 508, posts: 300 } },
  ],
])('a shell accepts every command of the banner of %s', (_, demo) => {
  const commands = commandsOf(makeBanner({ ...ready, demo } as Parameters<typeof makeBanner>[0]));
  expect(commands.length).toBeGreaterThan(3);
  const { status, stderr } = spawnSync('bash', ['-euc', commands.join('\n')], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

test('without a demo the banner says how to sign in again', () => {
  const banner = makeBanner({ ...ready, demo: undefined });
  expect(banner).toContain('`echo twite login HANDLE`');
  expect(banner).toContain('`echo twite admin password HANDLE`');
});
