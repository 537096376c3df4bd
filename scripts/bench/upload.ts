import { setTimeout as wait } from 'node:timers/promises';

const overloadedRetryMs = 500;

export interface Uploaded {
  readonly url: string;
  /** How often it was rejected with 503 before. */
  readonly refusedCount: number;
}

/** Uploads a picture, retrying while the server is overloaded. */
export async function uploadPicture(server: string, token: string, picture: Blob): Promise<Uploaded> {
  for (let refusedCount = 0; ; refusedCount++) {
    const body = new FormData();
    body.set('file', picture, 'noise.png');
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${server}/v1/media`, { method: 'POST', headers, body });
    const made = (await answer.json()) as { url: string };
    if (answer.status === 201) return { url: made.url, refusedCount };
    if (answer.status !== 503) throw new Error(`an upload was answered with ${answer.status}`);
    await wait(overloadedRetryMs);
  }
}
