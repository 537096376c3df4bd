import { pino } from 'pino';
import type { Config } from './config/load-config.ts';

export type Logger = pino.Logger;

const secretKeys = [
  'authorization',
  'cookie',
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'accessToken',
  'refreshToken',
  'token',
  'secret',
];

/** As far down as anything that is logged goes. */
const redactedPaths = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*.*.*.${key}`]);

/** Tokens have a prefix of their own, so that they are found wherever they stand: in a message, a URL, a stack. */
const tokenPattern = /\btw[arps]_[A-Za-z0-9_-]{8,}/g;

/** Kept while stdout, a file on a full disk, takes nothing; what exceeds it is dropped. */
const waitingBytesMax = 1_048_576;

function openStdout(): pino.DestinationStream {
  const stdout = pino.destination({ fd: 1, sync: true, maxLength: waitingBytesMax });
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A full disk must not end a server that can still answer reads. Of a pipe that was closed, pino takes care.
    if (error.code !== 'ENOSPC' && error.code !== 'EPIPE') throw error;
  });
  return stdout;
}

/** JSON lines on stdout, or on another destination, without passwords and tokens. */
export function createLogger(
  { logLevel }: Pick<Config, 'logLevel'>,
  destination: pino.DestinationStream = openStdout(),
): Logger {
  return pino(
    {
      level: logLevel,
      base: { service: 'twite' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: pino.stdSerializers.errWithCause },
      redact: { paths: redactedPaths, censor: '[redacted]' },
      hooks: { streamWrite: (line) => line.replaceAll(tokenPattern, '[redacted]') },
    },
    destination,
  );
}
