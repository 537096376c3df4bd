import type { IncomingMessage } from 'node:http';

/** What is read and thrown away of a body that nobody wants, before the connection is closed. */
const DISCARD_LIMIT_BYTES = 8 * 1024 * 1024;

export type BodyBytes = { bytes: Buffer } | { fault: 'too_large' };

export function hasBody(req: IncomingMessage): boolean {
  const { headers } = req;
  const length = headers['content-length'];
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined;
}

/** Whether the client says beforehand that its body is longer than `limitBytes`. */
export function announcesMoreThan(req: IncomingMessage, limitBytes: number): boolean {
  const length = req.headers['content-length'];
  return length !== undefined && Number(length) > limitBytes;
}

/**
 * Reads the body up to `limitBytes`, counting while it comes in. Rejects when the connection closes before its end.
 */
export function readBody(req: IncomingMessage, limitBytes: number): Promise<BodyBytes> {
  return new Promise((resolve, reject) => {
    if (req.readableEnded) {
      reject(new Error('The request body was read before ts-rest-koa could read it'));
      return;
    }
    const chunks: Buffer[] = [];
    let lengthBytes = 0;
    const stop = () => {
      req.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
    };
    const onData = (chunk: Buffer) => {
      lengthBytes += chunk.length;
      if (lengthBytes <= limitBytes) {
        chunks.push(chunk);
        return;
      }
      stop();
      discardBody(req);
      resolve({ fault: 'too_large' });
    };
    const onEnd = () => {
      stop();
      const [first] = chunks;
      resolve({
        bytes: first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, lengthBytes),
      });
    };
    const onError = (error: Error) => {
      stop();
      reject(error);
    };
    const onClose = () => onError(new Error('The connection closed before the end of the request body'));
    req.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  });
}

/**
 * Reads on and forgets, so that the client can finish sending, see the answer and keep its connection. Closing at once
 * would reset the connection under the answer.
 */
export function discardBody(req: IncomingMessage): void {
  let lengthBytes = 0;
  req.on('error', () => {}); // the client went away: nothing is lost
  req.on('data', (chunk: Buffer) => {
    lengthBytes += chunk.length;
    if (lengthBytes > DISCARD_LIMIT_BYTES) req.socket.destroy();
  });
}
