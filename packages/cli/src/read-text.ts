import { text } from 'node:stream/consumers';

/** The text of a post: what was typed, or standard input for `-`, without its last line break. */
export const readText = async (typed: string): Promise<string> =>
  typed === '-' ? (await text(process.stdin)).replace(/\r?\n$/, '') : typed;
