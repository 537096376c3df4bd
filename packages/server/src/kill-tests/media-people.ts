import type { OperationId } from '@twite/contract';
import { aVideo } from '../fault-tests/a-video.ts';
import { aForm, aPng } from '../http-tests/a-png.ts';
import { type Answer, makeCall, type Request } from '../http-tests/client.ts';
import type { Person } from '../http-tests/people.ts';

interface Deed {
  readonly operationId: OperationId;
  /** Created for each attempt: a form can be sent only once. */
  readonly request: () => Request;
  readonly done: (answer: Answer) => void;
}

interface Written {
  readonly id: string;
  readonly mediaIds: readonly string[];
}

/** Small, and the same in every run. */
export function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const inFlight = 409;

/**
 * An account that uploads, posts, replies and deletes, one action after the other, and retries interrupted requests
 * with their keys.
 */
export class MediaPerson {
  readonly person: Person;
  /** The posts acknowledged by the server. */
  readonly posts: Written[] = [];
  readonly replies: Written[] = [];
  /** Answers that should never occur. */
  readonly wrong: string[] = [];
  uploads = 0;
  #avatar: string | undefined;
  #unattached: string[] = [];
  #videos: string[] = [];
  #underWay: { readonly deed: Deed; readonly key: string } | undefined;
  #deeds = 0;
  readonly #random: () => number;

  constructor(person: Person, random: () => number) {
    this.person = person;
    this.#random = random;
  }

  /** Continues until the server is gone. */
  async live(url: string, answered: () => void): Promise<void> {
    while (await this.#step(url)) answered();
  }

  /** Gets the answer to the interrupted request. */
  async finish(url: string, waitFor: (seconds: number) => Promise<unknown>): Promise<void> {
    while (this.#underWay !== undefined) {
      await this.#step(url);
      if (this.#underWay !== undefined) await waitFor(1);
    }
  }

  /** After a day: its unattached media are gone. */
  forgetUnattached(): void {
    this.#unattached = [];
    this.#videos = [];
  }

  /** Returns whether the server answered. */
  async #step(url: string): Promise<boolean> {
    this.#underWay ??= { deed: this.#choose(), key: `${this.person.handle}-${this.#deeds++}` };
    const { deed, key } = this.#underWay;
    const { token } = this.person;
    let answer: Answer;
    try {
      const request = { token, headers: { 'idempotency-key': key }, ...deed.request() };
      answer = await makeCall(url)(deed.operationId, request);
    } catch (error) {
      if (!(error instanceof TypeError)) this.wrong.push(String(error));
      return false;
    }
    // The dead process had begun it.
    if (answer.status === inFlight && answer.body.code === 'idempotency_in_flight') return true;
    this.#underWay = undefined;
    if (answer.status >= 500) this.wrong.push(`${deed.operationId}: ${JSON.stringify(answer.body)}`);
    if (answer.status < 300) deed.done(answer);
    return true;
  }

  #choose(): Deed {
    const dice = this.#random();
    const [first] = this.#unattached;
    if (first === undefined || dice < 0.35) return this.#upload();
    if (dice < 0.55) return this.#post(this.#unattached.splice(0, 2));
    if (dice < 0.65 && this.posts.length > 0) return this.#reply(this.#unattached.splice(0, 1));
    if (dice < 0.75) return this.#setAvatar(this.#unattached.splice(0, 1));
    if (dice < 0.85) return this.#focus();
    if (dice < 0.92 && this.posts.length > 1) return this.#delete('deletePost', this.posts);
    if (dice < 0.96 && this.replies.length > 0) return this.#delete('deleteReply', this.replies);
    return this.#deleteMedium(this.#unattached.splice(0, 1));
  }

  #upload(): Deed {
    const width = 20 + Math.floor(this.#random() * 600);
    const isVideo = this.#random() < 0.15;
    return {
      operationId: 'uploadMedia',
      request: () => ({ form: aForm(isVideo ? aVideo : aPng(width, 30)) }),
      done: ({ body }) => {
        this.uploads += 1;
        // A video cannot be an avatar, and must be a post's only medium.
        if (isVideo) this.#videos.push(body.mediaId);
        else this.#unattached.push(body.mediaId);
      },
    };
  }

  #post(images: readonly string[]): Deed {
    const mediaIds = [...images, ...this.#videos.splice(0, 1)];
    return {
      operationId: 'createPost',
      request: () => ({ body: { text: '', mediaIds } }),
      done: ({ body }) => this.posts.push({ id: body.postId, mediaIds }),
    };
  }

  #reply(mediaIds: readonly string[]): Deed {
    const postId = this.posts[Math.floor(this.#random() * this.posts.length)]?.id ?? '';
    return {
      operationId: 'createReply',
      request: () => ({ path: { postId }, body: { text: '', mediaIds } }),
      done: ({ body }) => this.replies.push({ id: body.replyId, mediaIds }),
    };
  }

  #setAvatar([mediaId]: readonly string[]): Deed {
    return {
      operationId: 'updateMe',
      request: () => ({ body: { avatarMediaId: mediaId ?? null } }),
      done: () => {
        this.#avatar = mediaId;
      },
    };
  }

  #focus(): Deed {
    const mediaIds = [...this.posts, ...this.replies].flatMap((each) => each.mediaIds);
    if (this.#avatar !== undefined) mediaIds.push(this.#avatar);
    const mediaId = mediaIds[Math.floor(this.#random() * mediaIds.length)] ?? '1';
    const focus = { x: this.#random(), y: -this.#random() };
    return {
      operationId: 'updateMedia',
      request: () => ({ path: { mediaId }, body: { focus } }),
      done: () => {},
    };
  }

  #delete(operationId: 'deletePost' | 'deleteReply', from: Written[]): Deed {
    const [written] = from.splice(Math.floor(this.#random() * from.length), 1);
    const id = written?.id ?? '';
    // Its replies are deleted too.
    const path = { [operationId === 'deletePost' ? 'postId' : 'replyId']: id };
    return { operationId, request: () => ({ path }), done: () => {} };
  }

  #deleteMedium([mediaId = '']: readonly string[]): Deed {
    return { operationId: 'deleteMedia', request: () => ({ path: { mediaId } }), done: () => {} };
  }
}
