import type { IncomingMessage, ServerResponse } from 'node:http';

/** How much of an unwanted body is read and discarded. */
const DISCARD_LIMIT_BYTES = 64 * 1024 * 1024;
const DISCARD_LIMIT_MS = 10_000;
/** How long a client that sends even more may take to read the answer. */
const LINGER_MS = 1_000;

/** The number of bytes that `BodyLimits.ms` applies to. */
const PACE_BYTES = 65_536;

export interface BodyLimits {
  readonly bytes: number;
  /** How long a client may take for 65,536 bytes: the same for fewer, proportionally longer for more. */
  readonly ms: number;
}

export type BodyBytes = { bytes: Buffer } | { fault: 'payload_too_large' | 'body_timeout' };

/** Whether the headers announce a body. */
export function hasBody(req: IncomingMessage): boolean {
  const { headers } = req;
  const length = headers['content-length'];
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined;
}

/** Whether the client announces a body longer than `limitBytes`. */
export function announcesMoreThan(req: IncomingMessage, limitBytes: number): boolean {
  const length = req.headers['content-length'];
  return length !== undefined && Number(length) > limitBytes;
}

/** Reads the body within limits, counting bytes as they arrive. Rejects if the connection closes before its end. */
export function readBody(req: IncomingMessage, limits: BodyLimits): Promise<BodyBytes> {
  return new Promise((resolve, reject) => {
    if (req.readableEnded) {
      reject(new Error('The request body was read before ts-rest-koa could read it'));
      return;
    }
    const chunks: Buffer[] = [];
    let lengthBytes = 0;
    const refuse = (fault: 'payload_too_large' | 'body_timeout') => {
      stop();
      discardBody(req);
      resolve({ fault });
    };
    const startedAt = performance.now();
    /** By the bytes that arrived, not the announced ones: a client cannot buy time with a number. */
    const checkPace = () => {
      const leftMs = limits.ms * Math.max(1, lengthBytes / PACE_BYTES) - (performance.now() - startedAt);
      if (leftMs > 0) overdue = setTimeout(checkPace, Math.ceil(leftMs));
      else refuse('body_timeout');
    };
    // A small body has usually arrived with its headers.
    let overdue = req.complete ? undefined : setTimeout(checkPace, limits.ms);
    const stop = () => {
      clearTimeout(overdue);
      req.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
    };
    const onData = (chunk: Buffer) => {
      lengthBytes += chunk.length;
      if (lengthBytes <= limits.bytes) chunks.push(chunk);
      else refuse('payload_too_large');
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
 * Reads and discards the rest, within bounds, so that the client can finish sending, read the answer and keep its
 * connection. Closing at once would reset the connection during the answer. Beyond the bounds the connection is closed.
 */
export function discardBody(req: IncomingMessage): void {
  const close = () => req.socket.destroy();
  let closing = req.complete ? undefined : setTimeout(close, DISCARD_LIMIT_MS).unref();
  const stop = () => clearTimeout(closing);
  let lengthBytes = 0;
  req.on('error', () => {}); // the client went away: nothing is lost
  req.once('end', stop).once('close', stop);
  req.on('data', (chunk: Buffer) => {
    lengthBytes += chunk.length;
    if (lengthBytes <= DISCARD_LIMIT_BYTES || req.isPaused()) return;
    // Delayed: a client that is blocked from sending can still read.
    req.pause();
    stop();
    closing = setTimeout(close, LINGER_MS).unref();
  });
  req.resume();
}

/**
 * Ends an answer. While the body of the request is still arriving, the whole answer is sent at once, but ended only
 * when the body has arrived or is given up. Many clients read nothing before they have sent everything: if the
 * connection were closed earlier, as `Connection: close` asks for, it would be reset and they would never see the
 * answer.
 */
export function endAnswer(req: IncomingMessage, res: ServerResponse, payload?: string | Uint8Array): void {
  const end = (): void => {
    if (payload === undefined) res.end();
    else res.end(payload);
  };
  if (req.complete || !hasBody(req)) {
    end();
    return;
  }
  // The client waits to be asked for its body, and may no longer send it. Whether it does is unknown.
  if (isExpectant(req)) {
    res.setHeader('connection', 'close');
    end();
    return;
  }
  if (req.readableFlowing === null) discardBody(req);
  // The reader has given up on a client that is too slow: no further waiting.
  if (res.getHeader('connection') === 'close') {
    end();
    return;
  }
  if (payload === undefined) res.flushHeaders();
  else res.write(payload);
  const onEnd = () => {
    clearTimeout(silent);
    req.off('data', onData).off('end', onEnd).off('close', onEnd);
    res.end();
  };
  // A client that has stopped sending has no more unread bytes here, which alone would reset the connection.
  const silent = setTimeout(onEnd, LINGER_MS).unref();
  const onData = () => void silent.refresh();
  req.on('data', onData).on('end', onEnd).on('close', onEnd);
}

/** Whether the client waits for `100 Continue`, which was not sent because nothing has read the body. */
const isExpectant = (req: IncomingMessage): boolean =>
  req.headers.expect !== undefined && req.readableFlowing === null;
