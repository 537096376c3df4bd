import { hostname } from 'node:os';
import { pino } from 'pino';
import type { Config } from './config/load-config.ts';
import { logError } from './log-error.ts';
import { currentNames } from './log-names.ts';
import { terminalLine } from './terminal-line.ts';
import { twiteVersion } from './twite-version.ts';

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

/** As deep as any logged object is nested. */
const redactedPaths = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*.*.*.${key}`]);

/** Tokens have a prefix of their own, so that they are found anywhere: in a message, a URL, a stack. */
const tokenPattern = /\btw[arps]_[A-Za-z0-9_-]{8,}/g;

/** Buffered while stdout, a file on a full disk, accepts no data; anything beyond it is dropped. */
const waitingBytesMax = 1_048_576;

function openStdout(): pino.DestinationStream {
  const stdout = pino.destination({ fd: 1, sync: true, maxLength: waitingBytesMax });
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A full disk must not end a server that can still answer reads. pino handles a closed pipe.
    if (error.code !== 'ENOSPC' && error.code !== 'EPIPE') throw error;
  });
  return stdout;
}

type LogConfig = Pick<Config, 'logLevel'> & Partial<Pick<Config, 'logFormat' | 'role' | 'services'>>;

export interface LogOutput {
  readonly format: 'json' | 'pretty';
  readonly level: Exclude<Config['logLevel'], null>;
}

/**
 * The log format of a process. In a terminal, unless configured otherwise: short lines, and only those that need
 * attention.
 */
export function logOutputOf(
  { logLevel, logFormat = null }: LogConfig,
  isTerminal: boolean = process.stdout.isTTY === true,
): LogOutput {
  const format = logFormat ?? (isTerminal ? 'pretty' : 'json');
  return { format, level: logLevel ?? (format === 'pretty' ? 'warn' : 'info') };
}

/** The fields of every line: the process and its release. */
const processFields = ({ role, services }: LogConfig) => ({
  service: 'twite',
  ...(role === undefined ? {} : { role }),
  ...(role === 'server' ? { services } : {}),
  version: twiteVersion(),
  host: hostname(),
});

/**
 * The log of a process, without passwords and tokens: JSON lines, or short ones in a terminal. A line logged while a
 * request or message is handled carries its ids.
 */
export function createLogger(
  config: LogConfig,
  destination: pino.DestinationStream = openStdout(),
  terminal: NodeJS.WriteStream = process.stdout,
): Logger {
  const { format, level } = logOutputOf(config, terminal.isTTY === true);
  return pino(
    {
      level,
      base: processFields(config),
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: currentNames,
      serializers: { err: (error: unknown) => logError(error) },
      redact: { paths: redactedPaths, censor: '[redacted]' },
      hooks: { streamWrite: (line) => line.replaceAll(tokenPattern, '[redacted]') },
    },
    format === 'json'
      ? destination
      : { write: (line: string) => destination.write(terminalLine(line, { stream: terminal })) },
  );
}
