import type { PageBefore } from '@twite/core/keyset';
import type { TimelineSlice } from '@twite/core/timelines/timeline-cache';

/** The newest known ids, newest first. `complete`: there are no older ones. */
interface Window {
  readonly postIds: readonly string[];
  readonly complete: boolean;
}

/** One timeline as specified by the port's comments, in the most naive implementation. */
export interface TimelineModel {
  readonly isCold: boolean;
  read(page: PageBefore): TimelineSlice | undefined;
  /** Whether it was certainly reached. Undefined if the port leaves it open. */
  push(postId: string): boolean | undefined;
  begin(): void;
  complete(postIds: readonly string[], complete: boolean): void;
  /** Whether it is ready. */
  merge(postIds: readonly string[], complete: boolean): boolean;
  /** Whether it is ready. */
  remove(postIds: readonly string[]): boolean;
  drop(): void;
}

export function createTimelineModel(timelineLength: number): TimelineModel {
  let window: Window | undefined;
  let meanwhile: string[] | undefined;

  const merge = (base: Window, pushed: readonly string[]): Window => {
    const lowest = base.postIds.at(-1);
    const fitting = pushed.filter((id) => base.complete || (lowest !== undefined && id > lowest));
    const all = [...new Set([...base.postIds, ...fitting])].sort().reverse();
    return {
      postIds: all.slice(0, timelineLength),
      complete: base.complete && all.length <= timelineLength,
    };
  };

  return {
    get isCold() {
      return window === undefined;
    },
    read({ before, limit }) {
      if (window === undefined) return undefined;
      const postIds = window.postIds.filter((id) => before === undefined || id < before).slice(0, limit);
      return { postIds, complete: window.complete };
    },
    push(postId) {
      if (meanwhile !== undefined) {
        const isNew = !meanwhile.includes(postId);
        meanwhile.push(postId);
        return isNew ? true : undefined;
      }
      if (window === undefined) return false;
      const merged = merge(window, [postId]);
      const isNew = !window.postIds.includes(postId) && merged.postIds.includes(postId);
      window = merged;
      return isNew ? true : undefined;
    },
    begin() {
      meanwhile = [];
    },
    complete(postIds, complete) {
      window = merge({ postIds, complete }, meanwhile ?? []);
      meanwhile = undefined;
    },
    merge(postIds, complete) {
      if (window === undefined || meanwhile !== undefined) {
        window = undefined;
        meanwhile = undefined;
        return false;
      }
      const floor = complete ? '' : (postIds.at(-1) ?? '');
      const all = merge(window, postIds);
      const above = all.postIds.filter((id) => id >= floor);
      window = { postIds: above, complete: all.complete && floor === '' };
      return true;
    },
    remove(postIds) {
      if (window !== undefined && meanwhile === undefined) {
        const kept = window.postIds.filter((id) => !postIds.includes(id));
        if (window.complete || kept.length >= timelineLength / 2) {
          window = { postIds: kept, complete: window.complete };
          return true;
        }
      }
      window = undefined;
      meanwhile = undefined;
      return false;
    },
    drop() {
      window = undefined;
      meanwhile = undefined;
    },
  };
}
