import { text } from 'node:stream/consumers';
import type { FileGiven } from './media/files-given.ts';
import { UsageError } from './usage-error.ts';

/**
 * The text of a post: the argument, or standard input for `-`, without its final line break. May be omitted if there
 * are files.
 */
export async function readTextBeside(
  typed: string | undefined,
  files: readonly FileGiven[],
): Promise<string> {
  if (typed === undefined && files.length === 0) throw new UsageError('Give a text, --media FILE, or both.');
  return typed === '-' ? (await text(process.stdin)).replace(/\r?\n$/, '') : (typed ?? '');
}
