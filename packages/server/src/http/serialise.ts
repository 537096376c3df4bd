import { hash } from 'node:crypto';

/** JSON as it is sent, and a tag that is another when the JSON is another. */
export interface Serialised {
  readonly json: string;
  readonly tag: string;
}

// Frozen objects that core gives out keep their identity while nothing in them changes: their JSON is made once.
const memo = new WeakMap<object, Serialised>();

const tagLength = 16;
const tagOf = (json: string): string => hash('sha1', json, 'base64url').slice(0, tagLength);

function serialiseItem(item: unknown): Serialised {
  if (typeof item === 'object' && item !== null) {
    const known = memo.get(item);
    if (known !== undefined) return known;
  }
  const json = JSON.stringify(item);
  const made = { json, tag: tagOf(json) };
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

/** Joins the parts of a page that are serialised already: neither its JSON nor its tag is made from all its bytes. */
function serialisePage({ items, nextCursor }: PageLike): Serialised {
  let json = '{"items":[';
  let tags = nextCursor ?? '';
  for (let index = 0; index < items.length; index++) {
    const item = serialiseItem(items[index]);
    json += index === 0 ? item.json : `,${item.json}`;
    tags += item.tag;
  }
  json += nextCursor === null ? '],"nextCursor":null}' : `],"nextCursor":${JSON.stringify(nextCursor)}}`;
  return { json, tag: tagOf(tags) };
}

/** The body of an answer as JSON, with its tag. */
export const serialise = (body: unknown): Serialised =>
  typeof body === 'object' && body !== null && isPage(body) ? serialisePage(body) : serialiseItem(body);
