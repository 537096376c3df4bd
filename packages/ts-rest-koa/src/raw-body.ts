/** A body that is already serialised. Created by `raw`. */
export class RawBody {
  readonly content: string | Uint8Array;

  constructor(content: string | Uint8Array) {
    this.content = content;
  }
}

/** Marks JSON that is already serialised, so that it is sent unchanged: `{ status: 200, body: raw(json) }`. */
export function raw(content: string | Uint8Array): RawBody {
  return new RawBody(content);
}
