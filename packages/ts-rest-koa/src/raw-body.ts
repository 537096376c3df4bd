/** A body that is already in the form in which it is sent. Made by `raw`. */
export class RawBody {
  readonly content: string | Uint8Array;

  constructor(content: string | Uint8Array) {
    this.content = content;
  }
}

/** Marks JSON that is already serialised, so that it is sent as it stands: `{ status: 200, body: raw(json) }`. */
export function raw(content: string | Uint8Array): RawBody {
  return new RawBody(content);
}
