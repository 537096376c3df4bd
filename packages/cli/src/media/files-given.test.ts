import { expect, test } from 'vitest';
import type { Given } from '../define-command.ts';
import { UsageError } from '../usage-error.ts';
import { filesGiven, parseFocus } from './files-given.ts';

/** `--media a.jpg text`, as oclif parses it: every flag has a value here. */
function typed(line: string): Given[] {
  const words = line.split(' ');
  const given: Given[] = [];
  while (words.length > 0) {
    const word = words.shift() ?? '';
    given.push(
      word.startsWith('--')
        ? { flag: word.slice(2), input: words.shift() ?? '' }
        : { flag: undefined, input: word },
    );
  }
  return given;
}

const ofMedia = ({ flag }: Given): boolean => flag === 'media';
const ofArguments = ({ flag }: Given): boolean => flag === undefined;

test('options of a file come after it', () => {
  expect(
    filesGiven(
      typed('words --media a.jpg --alt A --followers x --media b.png --media c.gif --alt C'),
      ofMedia,
    ),
  ).toEqual([
    { path: 'a.jpg', flag: 'media', altText: 'A' },
    { path: 'b.png', flag: 'media' },
    { path: 'c.gif', flag: 'media', altText: 'C' },
  ]);
  expect(filesGiven(typed('a.jpg --focus 0,-1 --alt A b.mp4 --poster p.png'), ofArguments)).toEqual([
    { path: 'a.jpg', flag: undefined, focus: { x: 0, y: -1 }, altText: 'A' },
    { path: 'b.mp4', flag: undefined, poster: 'p.png' },
  ]);
});

test('or before it, if there is only one', () => {
  expect(filesGiven(typed('--alt A a.jpg --focus 1,1'), ofArguments)).toEqual([
    { path: 'a.jpg', flag: undefined, altText: 'A', focus: { x: 1, y: 1 } },
  ]);
  for (const line of ['--alt A a.jpg b.jpg', '--alt A']) {
    expect(() => filesGiven(typed(line), ofArguments)).toThrow('--alt A: put it after the file');
  }
});

test('and once', () => {
  expect(() => filesGiven(typed('--media a.jpg --alt A --alt B'), ofMedia)).toThrow(
    '--alt is given twice for a.jpg.',
  );
  expect(() => filesGiven(typed('--alt A --media a.jpg --alt B'), ofMedia)).toThrow('twice');
});

test('a focus is two numbers from -1 to 1', () => {
  expect(parseFocus('0.25, -1')).toEqual({ x: 0.25, y: -1 });
  for (const wrong of ['', '0', '0,', ',0', '1.1,0', '0,0,0', 'left,top', 'NaN,0']) {
    expect(() => parseFocus(wrong), wrong).toThrow(UsageError);
  }
});
