/** Computes the expected home timelines naively: the reference for every engine. */
export class NaiveModel {
  readonly #posts: { postId: string; author: string; deleted: boolean }[] = [];
  readonly #follows = new Set<string>();
  readonly #blocks = new Set<string>();
  readonly #mutes = new Set<string>();
  readonly #suspended = new Set<string>();
  readonly #deleted = new Set<string>();

  post(author: string, postId: string): void {
    this.#posts.push({ postId, author, deleted: false });
  }

  deletePost(postId: string): void {
    for (const post of this.#posts) if (post.postId === postId) post.deleted = true;
  }

  follow(follower: string, followee: string): void {
    if (!this.hasBlockBetween(follower, followee)) this.#follows.add(`${follower} ${followee}`);
  }

  unfollow(follower: string, followee: string): void {
    this.#follows.delete(`${follower} ${followee}`);
  }

  block(blocker: string, blocked: string): void {
    this.#blocks.add(`${blocker} ${blocked}`);
    this.unfollow(blocker, blocked);
    this.unfollow(blocked, blocker);
  }

  unblock(blocker: string, blocked: string): void {
    this.#blocks.delete(`${blocker} ${blocked}`);
  }

  mute(muter: string, muted: string): void {
    this.#mutes.add(`${muter} ${muted}`);
  }

  unmute(muter: string, muted: string): void {
    this.#mutes.delete(`${muter} ${muted}`);
  }

  suspend(person: string): void {
    this.#suspended.add(person);
  }

  reinstate(person: string): void {
    this.#suspended.delete(person);
  }

  remove(person: string): void {
    this.#deleted.add(person);
  }

  isActive(person: string): boolean {
    return !this.#suspended.has(person) && !this.#deleted.has(person);
  }

  hasBlockBetween(one: string, other: string): boolean {
    return this.#blocks.has(`${one} ${other}`) || this.#blocks.has(`${other} ${one}`);
  }

  livePosts(author: string): string[] {
    return this.#posts.filter((post) => post.author === author && !post.deleted).map((post) => post.postId);
  }

  followerCount(person: string): number {
    return [...this.#follows].filter((edge) => {
      const [follower = '', followee] = edge.split(' ');
      return followee === person && this.isActive(follower);
    }).length;
  }

  /** Post ids, newest first. */
  home(viewer: string): string[] {
    return this.#posts
      .filter(
        ({ author, deleted }) =>
          !deleted &&
          this.isActive(author) &&
          (author === viewer || this.#follows.has(`${viewer} ${author}`)) &&
          !this.hasBlockBetween(viewer, author) &&
          !this.#mutes.has(`${viewer} ${author}`),
      )
      .map(({ postId }) => postId)
      .sort()
      .reverse();
  }
}
