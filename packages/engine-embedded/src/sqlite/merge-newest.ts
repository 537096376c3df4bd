import { setImmediate } from 'node:timers/promises';
import type { PostRef } from '@twite/core/posts/post-store';

/** Ids of an author's posts below `before`, newest first, at most `limit`. */
export type ReadNewest = (authorId: string, before: string, limit: number) => readonly string[];

interface Run {
  readonly authorId: string;
  ids: readonly string[];
  next: number;
  /** The number of ids to read at once. Grows for authors whose posts fill the page. */
  chunk: number;
}

// Yields to others between slices of this many authors.
const AUTHORS_AT_ONCE = 200;
const FIRST_CHUNK_MIN = 4;

/**
 * The newest posts of many authors, merged from a sorted run per author. Reads a few ids of each, then more only for
 * the authors of the newest: about `authors + limit` ids in total, however many there are.
 */
export async function mergeNewest(
  authorIds: readonly string[],
  readNewest: ReadNewest,
  { before, limit }: { before: string; limit: number },
): Promise<readonly PostRef[]> {
  if (limit <= 0) return [];
  const firstChunk = Math.min(
    limit,
    Math.max(FIRST_CHUNK_MIN, Math.ceil((2 * limit) / Math.max(1, authorIds.length))),
  );
  const heap: Run[] = [];
  for (const [index, authorId] of authorIds.entries()) {
    if (index > 0 && index % AUTHORS_AT_ONCE === 0) await setImmediate();
    const ids = readNewest(authorId, before, firstChunk);
    if (ids.length > 0) heap.push({ authorId, ids, next: 0, chunk: firstChunk });
  }
  for (let index = (heap.length >> 1) - 1; index >= 0; index -= 1) sink(heap, index);

  const merged: PostRef[] = [];
  while (merged.length < limit) {
    const top = heap[0];
    if (top === undefined) break;
    const postId = headOf(top);
    merged.push({ postId, authorId: top.authorId });
    top.next += 1;
    if (top.next === top.ids.length) {
      const wasAll = top.ids.length < top.chunk;
      top.chunk = Math.min(top.chunk * 2, limit - merged.length);
      top.ids = wasAll || top.chunk === 0 ? [] : readNewest(top.authorId, postId, top.chunk);
      top.next = 0;
      if (top.ids.length === 0) removeTop(heap);
    }
    sink(heap, 0);
  }
  return merged;
}

const headOf = (run: Run | undefined): string => run?.ids[run.next] ?? '';

/** Restores the heap order, newest head on top, when only `index` may be out of place. */
function sink(heap: Run[], index: number): void {
  const run = heap[index];
  if (run === undefined) return;
  const head = headOf(run);
  let at = index;
  for (;;) {
    const left = 2 * at + 1;
    const child = headOf(heap[left + 1]) > headOf(heap[left]) ? left + 1 : left;
    const greater = heap[child];
    if (greater === undefined || headOf(greater) <= head) break;
    heap[at] = greater;
    at = child;
  }
  heap[at] = run;
}

function removeTop(heap: Run[]): void {
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) heap[0] = last;
}
