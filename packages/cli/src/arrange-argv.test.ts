import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrangeArgv } from './arrange-argv.ts';

test.each([
  ['help', '--help'],
  ['help post', 'post --help'],
  ['help token create', 'token create --help'],
  ['help post --json', 'post --help'],
  ['--json help post', 'post --help'],
  ['version', '--version'],
  ['--json whoami', 'whoami --json'],
  ['--url http://a.example whoami', 'whoami --url http://a.example'],
  ['--url=http://a.example --json post hello', 'post hello --url=http://a.example --json'],
  ['--token twp_x post -- -5 degrees', 'post --token twp_x -- -5 degrees'],
  ['--profile work whoami', 'whoami --profile work'],
  ['--json', '--help'],
  ['whoami --json', 'whoami --json'],
  ['post help', 'post help'],
  ['--bogus whoami', '--bogus whoami'],
  ['', ''],
])('`twite %s` runs `twite %s`', (given, arranged) => {
  const words = (text: string) => text.split(' ').filter((word) => word !== '');
  expect(arrangeArgv(words(given))).toEqual(words(arranged));
});

test('a command line without leading flags is unchanged', () => {
  const word = fc.string().filter((text) => !text.startsWith('-') && !['help', 'version', ''].includes(text));
  fc.assert(
    fc.property(word, fc.array(fc.string()), (command, rest) => {
      expect(arrangeArgv([command, ...rest])).toEqual([command, ...rest]);
    }),
  );
});
