/** A change acknowledged by a server. */
export interface Mark {
  /** When it was requested. */
  readonly askedAt: number;
  /** When its answer arrived, by `performance.now()`. */
  readonly at: number;
  /** The index of the server that answered. */
  readonly server: number;
}

/** A read by one server, from its request to its answer. */
export interface Read {
  readonly from: number;
  readonly to: number;
  readonly server: number;
}

interface Post {
  readonly authorId: string;
  readonly written: Mark;
  /** When its deletion was requested; it may be visible until the deletion is acknowledged. */
  deletionAskedAt: number;
  deleted: Mark | undefined;
}

/** A relation of one account to another, current or ended. */
interface Edge {
  /** Undefined: according to the answer, the outcome of the last change is unknown. */
  holds: boolean | undefined;
  changed: Mark;
  /** When a change was requested that is not answered yet. */
  changingSince: number | undefined;
}

/**
 * How long after the answer another server may still show the previous state: twice the interval at which a server
 * checks that it receives changes at all, and the delay added by two busy cores.
 */
const otherServerMs = 4_000;

const isSure = (mark: Mark, read: Read): boolean =>
  mark.at + (mark.server === read.server ? 0 : otherServerMs) <= read.from;

/** For changes that were never requested. */
const never: Mark = { askedAt: Number.NEGATIVE_INFINITY, at: Number.NEGATIVE_INFINITY, server: 0 };

export interface HomePage {
  readonly items: readonly {
    readonly postId: string;
    readonly text: string;
    readonly author: { readonly accountId: string };
  }[];
  readonly nextCursor: string | null;
}

/** The changes acknowledged to clients, and the expected results for readers. */
export class Ledger {
  readonly #posts = new Map<string, Post>();
  readonly #edges = new Map<string, Edge>();
  /** Texts of posts whose outcome is unknown. */
  readonly #doubtfulTexts = new Set<string>();

  posted(postId: string, authorId: string, written: Mark): void {
    this.#posts.set(postId, {
      authorId,
      written,
      deletionAskedAt: Number.POSITIVE_INFINITY,
      deleted: undefined,
    });
  }

  doubtful(text: string): void {
    this.#doubtfulTexts.add(text);
  }

  deleting(postId: string): void {
    const post = this.#posts.get(postId);
    if (post !== undefined) post.deletionAskedAt = performance.now();
  }

  deleted(postId: string, deleted: Mark): void {
    const post = this.#posts.get(postId);
    if (post !== undefined) post.deleted = deleted;
  }

  changing(kind: 'follows' | 'blocks', one: string, other: string): void {
    const key = `${kind} ${one} ${other}`;
    const edge = this.#edges.get(key) ?? { holds: false, changed: never, changingSince: undefined };
    edge.changingSince = performance.now();
    this.#edges.set(key, edge);
  }

  /** Nothing was changed. */
  refused(kind: 'follows' | 'blocks', one: string, other: string): void {
    const edge = this.#edges.get(`${kind} ${one} ${other}`);
    if (edge !== undefined) edge.changingSince = undefined;
  }

  /** Undefined when it is unknown. */
  changed(
    kind: 'follows' | 'blocks',
    one: string,
    other: string,
    holds: boolean | undefined,
    mark: Mark,
  ): void {
    this.#edges.set(`${kind} ${one} ${other}`, { holds, changed: mark, changingSince: undefined });
    // A block ends the follows both ways.
    if (kind === 'follows' || holds === false) return;
    for (const [follower, followee] of [
      [one, other],
      [other, one],
    ] as const) {
      const follow = this.#edges.get(`follows ${follower} ${followee}`);
      if (follow !== undefined && follow.holds !== false) {
        this.changed('follows', follower, followee, holds === true ? false : undefined, mark);
      }
    }
  }

  holds(kind: 'follows' | 'blocks', one: string, other: string): boolean | undefined {
    const edge = this.#edges.get(`${kind} ${one} ${other}`);
    return edge === undefined ? false : edge.holds;
  }

  postsOf(authorId: string): string[] {
    return [...this.#posts]
      .filter(([, post]) => post.authorId === authorId && post.deletionAskedAt === Number.POSITIVE_INFINITY)
      .map(([postId]) => postId);
  }

  get written(): number {
    return this.#posts.size;
  }

  /** The problems of a page of a home timeline: something hidden, or an own post missing. */
  wrongIn(viewerId: string, { items, nextCursor }: HomePage, read: Read): string[] {
    const wrong: string[] = [];
    const shown = new Set<string>();
    for (const { postId, author } of items) {
      if (shown.has(postId)) wrong.push(`${postId} is shown twice`);
      shown.add(postId);
      const post = this.#posts.get(postId);
      if (post?.deleted !== undefined && isSure(post.deleted, read))
        wrong.push(`${postId} was deleted, ${told(post.deleted, read)}`);
      if (author.accountId === viewerId) continue;
      for (const [kind, one, other] of [
        ['blocks', viewerId, author.accountId],
        ['blocks', author.accountId, viewerId],
      ] as const) {
        const edge = this.#edges.get(`${kind} ${one} ${other}`);
        if (edge?.holds === true && this.#isSettled(edge, read))
          wrong.push(`${postId} is behind a block, ${told(edge.changed, read)}`);
      }
      const follow = this.#edges.get(`follows ${viewerId} ${author.accountId}`);
      if (follow?.holds === false && this.#isSettled(follow, read))
        wrong.push(`${postId} is of somebody not followed, ${told(follow.changed, read)}`);
    }
    const last = items.at(-1)?.postId;
    for (const [postId, post] of this.#posts) {
      if (shown.has(postId) || post.deletionAskedAt <= read.to) continue;
      const isOnPage = nextCursor === null || (last !== undefined && postId > last);
      if (!isOnPage) continue;
      if (post.authorId === viewerId && isSure(post.written, read))
        wrong.push(`the own ${postId} is missing, ${told(post.written, read)}`);
      const follow = this.#edges.get(`follows ${viewerId} ${post.authorId}`);
      // Later posts arrive by fan-out, with a delay.
      const wasThere = follow !== undefined && post.written.at < follow.changed.askedAt;
      const isHome = wasThere && follow.holds === true && this.#isSettled(follow, read);
      if (
        isHome &&
        !this.#mayHide(viewerId, post.authorId, read) &&
        !this.#mayHide(post.authorId, viewerId, read)
      )
        wrong.push(`${postId} of somebody followed is missing, ${told(follow.changed, read)}`);
    }
    return wrong;
  }

  /** A block hides from when it is written, which is before its answer, and before the follows are known to end. */
  #mayHide(one: string, other: string, read: Read): boolean {
    const block = this.#edges.get(`blocks ${one} ${other}`);
    return block !== undefined && (block.holds !== false || !this.#isSettled(block, read));
  }

  #isSettled(edge: Edge, read: Read): boolean {
    return isSure(edge.changed, read) && (edge.changingSince === undefined || edge.changingSince > read.to);
  }

  /** The expected complete home, newest first, when there is no load: by the followees that were read. */
  homeOf(viewerId: string, followeeIds: ReadonlySet<string>): string[] {
    return [...this.#posts]
      .filter(([, { authorId, deletionAskedAt }]) => {
        const isOurs = authorId === viewerId || followeeIds.has(authorId);
        return isOurs && deletionAskedAt === Number.POSITIVE_INFINITY;
      })
      .map(([postId]) => postId)
      .sort()
      .reverse();
  }

  /** Removes items from a home that may or may not be there: posts and deletions with an unknown outcome. */
  certain(items: HomePage['items']): string[] {
    return items
      .filter(({ postId, text }) => {
        const post = this.#posts.get(postId);
        const isDoubtful =
          post !== undefined && post.deletionAskedAt < Number.POSITIVE_INFINITY && !post.deleted;
        return !isDoubtful && !this.#doubtfulTexts.has(text);
      })
      .map(({ postId }) => postId);
  }
}

const told = ({ at, server }: Mark, read: Read): string =>
  `${Math.round(read.from - at)} ms before the read, by ${server === read.server ? 'the same' : 'the other'} server`;
