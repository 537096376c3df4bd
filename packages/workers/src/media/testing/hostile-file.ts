/** A file sent to break a decoder. */
export interface HostileFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** `refused`: nothing else is acceptable. Otherwise a valid picture is acceptable too. */
  readonly expected: 'refused' | 'refusedOrSane';
}

export type Files = HostileFile[];

export const refused = (name: string, bytes: Buffer): HostileFile => ({ name, bytes, expected: 'refused' });
export const either = (name: string, bytes: Buffer): HostileFile => ({
  name,
  bytes,
  expected: 'refusedOrSane',
});

export const text = (content: string): Buffer => Buffer.from(content, 'latin1');

export const find = (bytes: Buffer, needle: string): number => bytes.indexOf(needle, 0, 'latin1');
