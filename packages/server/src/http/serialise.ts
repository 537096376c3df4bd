import { hash } from 'node:crypto';

/** The UTF-8 JSON to send, and a tag that changes with the JSON. */
export interface Serialised {
  readonly bytes: Buffer;
  readonly tag: string;
}

// Frozen objects returned by core keep their identity while they do not change: they are serialised once.
const memo = new WeakMap<object, Serialised>();

const tagLength = 16;
const tagOf = (content: string | Buffer): string => hash('sha1', content, 'base64url').slice(0, tagLength);

function serialiseItem(item: unknown): Serialised {
  if (typeof item === 'object' && item !== null) {
    const known = memo.get(item);
    if (known !== undefined) return known;
  }
  const bytes = Buffer.from(JSON.stringify(item));
  const made = { bytes, tag: tagOf(bytes) };
  if (typeof item === 'object' && item !== null && Object.isFrozen(item)) memo.set(item, made);
  return made;
}

interface PageLike {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

function isPage(body: object): body is PageLike {
  if (!('items' in body && 'nextCursor' in body && Array.isArray(body.items))) return false;
  for (const key in body) if (key !== 'items' && key !== 'nextCursor') return false;
  return true;
}

const start = Buffer.from('{"items":[');
const comma = 0x2c;

/**
 * Joins the serialised parts of a page: neither its JSON nor its tag is recomputed from all its bytes. Bytes rather
 * than strings, since encoding the long string took longer than everything else together.
 */
function joinPage({ items, nextCursor }: PageLike): Serialised {
  const end = `],"nextCursor":${nextCursor === null ? 'null' : JSON.stringify(nextCursor)}}`;
  const parts: Buffer[] = [];
  let tags = end;
  let length = start.length + items.length + Buffer.byteLength(end);
  for (const item of items) {
    const { bytes, tag } = serialiseItem(item);
    parts.push(bytes);
    tags += tag;
    length += bytes.length;
  }
  // A comma precedes every part but the first.
  const bytes = Buffer.allocUnsafe(items.length === 0 ? length : length - 1);
  bytes.set(start);
  let at = start.length;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] as Buffer;
    if (index > 0) bytes[at++] = comma;
    bytes.set(part, at);
    at += part.length;
  }
  bytes.write(end, at);
  return { bytes, tag: tagOf(tags) };
}

interface KnownPage extends PageLike {
  readonly serialised: Serialised;
}

const isSame = (known: KnownPage, page: PageLike): boolean =>
  known.nextCursor === page.nextCursor &&
  known.items.length === page.items.length &&
  known.items.every((item, index) => item === page.items[index]);

const knownPagesMax = 256;

// Timelines are requested again and again without changes: the last pages are cached, by their first item.
const knownPages = new Map<unknown, KnownPage>();

function serialisePage(page: PageLike): Serialised {
  const [first] = page.items;
  const known = knownPages.get(first);
  if (known !== undefined && isSame(known, page)) return known.serialised;
  const serialised = joinPage(page);
  const lasting = page.items.length > 0 && page.items.every((item) => memo.has(item as object));
  if (lasting) {
    // The map is in insertion order: the oldest page is evicted.
    knownPages.delete(first);
    if (knownPages.size >= knownPagesMax) knownPages.delete(knownPages.keys().next().value);
    knownPages.set(first, { ...page, serialised });
  }
  return serialised;
}

/** The body of an answer as JSON, with its tag. */
export const serialise = (body: unknown): Serialised =>
  typeof body === 'object' && body !== null && isPage(body) ? serialisePage(body) : serialiseItem(body);
