import type { AccountRecord } from '../accounts/account-store.ts';
import type { MediaSnapshot } from '../media/media-record.ts';
import type { SessionRecord } from '../sessions/session-store.ts';
import type { TokenRecord } from '../tokens/token-store.ts';

/*
 * The heap that cached values take in V8, in bytes. These are estimates, which `sizes.test.ts` compares with the real
 * heap. Every string counts as a copy of its own, since drivers create them so.
 */

const ID = 40;
/** Of user's texts, which may be in any script. */
const CHARACTER = 2;

const asciiBytes = (...texts: readonly (string | null)[]): number =>
  total(texts, ({ length }) => 20 + length);

/** An entry without its value. */
export const entryBytes = (key: string): number => 120 + key.length;

export const ownerBytes = (): number => 40 + ID;

/** A set of ids, or an empty one. */
export const setBytes = ({ size }: { readonly size: number }): number => 200 + size * (ID + 28);

/** Lists and sets of the same ids. */
export const followeesBytes = ({ all }: { readonly all: { readonly size: number } }): number =>
  setBytes(all) + 100 + 10 * all.size;

export const marksBytes = ({ size }: { readonly size: number }): number => 160 + size * (ID + 42);

export const newestPostsBytes = ({ refs }: { readonly refs: readonly unknown[] }): number =>
  120 + refs.length * (ID + 52);

export const sessionBytes = ({ userAgent, ...session }: SessionRecord): number =>
  350 +
  2 * ID +
  asciiBytes(session.accessHash, session.refreshHash, session.tagKey, session.previousRefreshHash) +
  asciiBytes(session.successorSalt, userAgent);

export const tokenBytes = ({ name, scopes, secretHash }: TokenRecord): number =>
  200 + 2 * ID + CHARACTER * name.length + scopes.length * 8 + asciiBytes(secretHash);

const snapshotBytes = ({ altText, variants }: MediaSnapshot): number =>
  450 + CHARACTER * altText.length + 180 * variants.length;

/** A medium as stored, as presented to readers, and as JSON. */
const shownMediaBytes = ({ altText, variants }: MediaSnapshot): number =>
  1_000 + 3 * CHARACTER * altText.length + 500 * variants.length;

const total = <T>(values: readonly (T | null)[], sizeOf: (value: T) => number): number =>
  values.reduce((sum: number, value) => sum + (value === null ? 0 : sizeOf(value)), 0);

export const accountBytes = ({ handle, displayName, bio, avatar, banner }: AccountRecord): number =>
  320 +
  handle.length +
  CHARACTER * (displayName.length + bio.length) +
  total([avatar, banner], snapshotBytes);

/** A post or reply with its entities and media, as stored, as presented to readers, and as JSON. */
export const textBytes = ({
  text,
  media,
  entities,
}: {
  readonly text: string;
  readonly media: readonly MediaSnapshot[];
  readonly entities: { readonly [kind: string]: readonly unknown[] };
}): number => {
  const entityCount = total(Object.values(entities), ({ length }) => length);
  return 1_300 + 3 * CHARACTER * text.length + 200 * entityCount + total(media, shownMediaBytes);
};
