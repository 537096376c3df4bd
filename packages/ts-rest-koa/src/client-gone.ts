import type { ServerResponse } from 'node:http';

/** Whether the connection closed before the response was finished, so that nobody is left to answer. */
export function isClientGone(res: ServerResponse): boolean {
  return res.destroyed && !res.writableFinished;
}
