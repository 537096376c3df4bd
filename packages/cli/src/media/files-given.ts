import { string } from '@oclif/core/flags';
import type { Focus } from '@twite/sdk';
import type { Given } from '../define-command.ts';
import { UsageError } from '../usage-error.ts';

/** A file of a command line, and its options. */
export interface FileGiven {
  readonly path: string;
  /** The flag that named it. Undefined for an argument. */
  readonly flag: string | undefined;
  readonly altText?: string;
  readonly focus?: Focus;
  /** A path. */
  readonly poster?: string;
}

export const altFlag = string({
  summary: 'A description of the file before this flag, for people who cannot see it.',
  helpValue: '<text>',
  multiple: true,
  multipleNonGreedy: true,
});

export const focusFlag = string({
  summary:
    'The point that crops of the file before this flag keep in view: x from -1 (left) to 1, y from -1 (bottom) to 1.',
  helpValue: '<x,y>',
  multiple: true,
  multipleNonGreedy: true,
});

export const posterFlag = string({
  summary: 'The poster of the video before this flag: an image to show before the video plays.',
  helpValue: '<file>',
  multiple: true,
  multipleNonGreedy: true,
});

export const mediaFlag = string({
  summary: 'An image or a short video to attach. Repeat the flag for up to 4 files.',
  helpValue: '<file>',
  multiple: true,
  multipleNonGreedy: true,
});

export function parseFocus(input: string): Focus {
  const [x, y, ...rest] = input.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const isCoordinate = (value: number | undefined): value is number =>
    value !== undefined && value >= -1 && value <= 1;
  if (!isCoordinate(x) || !isCoordinate(y) || rest.length > 0) {
    throw new UsageError(`--focus ${input}: give two numbers from -1 to 1, as in --focus 0,0.5.`);
  }
  return { x, y };
}

const details = {
  alt: (altText: string) => ({ altText }),
  focus: (input: string) => ({ focus: parseFocus(input) }),
  poster: (poster: string) => ({ poster }),
} as const;

const isDetail = (flag: string | undefined): flag is keyof typeof details =>
  flag !== undefined && flag in details;

/**
 * The files of a command line, each with the options that follow it: `--media a.jpg --alt "…" --media b.png`. Options
 * before the first file belong to it if it is the only one. `namesFile`: whether an argument or flag names a file.
 */
export function filesGiven(given: readonly Given[], namesFile: (one: Given) => boolean): FileGiven[] {
  const files: FileGiven[] = [];
  const early: Given[] = [];
  const describe = (index: number, { flag, input }: Given): void => {
    const file = files[index];
    if (!file || !isDetail(flag)) return;
    const detail = details[flag](input);
    if (Object.keys(detail).some((key) => key in file)) {
      throw new UsageError(`--${flag} is given twice for ${file.path}.`);
    }
    files[index] = { ...file, ...detail };
  };
  for (const one of given) {
    if (namesFile(one)) files.push({ path: one.input, flag: one.flag });
    else if (isDetail(one.flag) && files.length === 0) early.push(one);
    else describe(files.length - 1, one);
  }
  const [first] = early;
  if (first && files.length !== 1) {
    throw new UsageError(`--${first.flag} ${first.input}: put it after the file that it describes.`);
  }
  for (const one of early) describe(0, one);
  return files;
}
