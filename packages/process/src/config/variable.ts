import type { RateLimit } from '@twite/core/rate-limits/limit-request';

/** One environment variable: how it is parsed, and its row in the documentation. */
export interface Variable<T> {
  readonly name: string;
  /** The format in words: `a whole number from 0 to 65535`. Follows "must be" in errors. */
  readonly form: string;
  /** As written in the environment. */
  readonly default: string;
  readonly doc: string;
  /** Contains a password: never shown, and may be read from a file named by `<name>_FILE`. */
  readonly secret?: boolean;
  /** Undefined: the text does not have the required format. */
  readonly read: (text: string) => T | undefined;
}

type Described = readonly [name: string, defaultText: string, doc: string];

/** Any text of one line. */
export const line = (...[name, defaultText, doc]: Described): Variable<string> => ({
  name,
  form: 'a text of one line, at most 200 characters',
  default: defaultText,
  doc,
  read: (text) => (text.length <= 200 && !/\p{Cc}/u.test(text) ? text : undefined),
});

export const path = (...[name, defaultText, doc]: Described): Variable<string> => ({
  name,
  form: 'a path',
  default: defaultText,
  doc,
  read: (text) => (text.includes('\0') ? undefined : text),
});

/** Null: `none`. */
export const pathOrNone = (...[name, defaultText, doc]: Described): Variable<string | null> => ({
  name,
  form: 'a path, or `none`',
  default: defaultText,
  doc,
  read: (text) => (text === 'none' ? null : text.includes('\0') ? undefined : text),
});

export const host = (...[name, defaultText, doc]: Described): Variable<string> => ({
  name,
  form: 'an IP address or a host name',
  default: defaultText,
  doc,
  read: (text) => (/^(?:[0-9A-Za-z._-]{1,253}|[0-9A-Fa-f:.]{2,45}(?:%\w+)?)$/.test(text) ? text : undefined),
});

const readWholeNumber = (text: string, min: number, max: number): number | undefined => {
  if (!/^[0-9]{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
};

export const wholeNumber = (
  min: number,
  max: number,
  ...[name, defaultText, doc]: Described
): Variable<number> => ({
  name,
  form: `a whole number from ${min} to ${max}`,
  default: defaultText,
  doc,
  read: (text) => readWholeNumber(text, min, max),
});

/** Null: `off`. */
export const wholeNumberOrOff = (
  min: number,
  max: number,
  ...[name, defaultText, doc]: Described
): Variable<number | null> => ({
  name,
  form: `a whole number from ${min} to ${max}, or \`off\``,
  default: defaultText,
  doc,
  read: (text) => (text === 'off' ? null : readWholeNumber(text, min, max)),
});

/** Null: `auto`. */
export const wholeNumberOrAuto = (
  min: number,
  max: number,
  ...[name, defaultText, doc]: Described
): Variable<number | null> => ({
  name,
  form: `a whole number from ${min} to ${max}, or \`auto\``,
  default: defaultText,
  doc,
  read: (text) => (text === 'auto' ? null : readWholeNumber(text, min, max)),
});

export const onOff = (...[name, defaultText, doc]: Described): Variable<boolean> => ({
  name,
  form: '`on` or `off`',
  default: defaultText,
  doc,
  read: (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
});

const quoted = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join(', ');

export const oneOf = <const T extends string>(
  values: readonly T[],
  ...[name, defaultText, doc]: Described
): Variable<T> => ({
  name,
  form: `one of ${quoted(values)}`,
  default: defaultText,
  doc,
  read: (text) => values.find((value) => value === text),
});

/** Null: `auto`. */
export const oneOfOrAuto = <const T extends string>(
  values: readonly T[],
  ...[name, defaultText, doc]: Described
): Variable<T | null> => ({
  name,
  form: `one of ${quoted(values)}, or \`auto\``,
  default: defaultText,
  doc,
  read: (text) => (text === 'auto' ? null : values.find((value) => value === text)),
});

const items = (text: string): string[] => text.split(',').map((item) => item.trim());

/** One or more, without duplicates, in the order of `values`. */
export const someOf = <const T extends string>(
  values: readonly T[],
  ...[name, defaultText, doc]: Described
): Variable<readonly T[]> => ({
  name,
  form: `a comma-separated list of ${quoted(values)}`,
  default: defaultText,
  doc,
  read(text) {
    const given = items(text);
    const known = given.every((item) => values.some((value) => value === item));
    return known ? Object.freeze(values.filter((value) => given.includes(value))) : undefined;
  },
});

const isOrigin = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
};

/** The members of a list without duplicates, none for `none`; undefined if one is invalid. */
function readMembers(text: string, isValid: (member: string) => boolean): readonly string[] | undefined {
  if (text === 'none') return Object.freeze([]);
  const given = items(text);
  return given.every(isValid) ? Object.freeze([...new Set(given)]) : undefined;
}

/** Origins as browsers send them, `*` alone for all, or `none`. */
export const origins = (...[name, defaultText, doc]: Described): Variable<readonly string[]> => ({
  name,
  form: '`none`, `*`, or a comma-separated list of origins such as `https://app.example`',
  default: defaultText,
  doc,
  read: (text) => readMembers(text, (member) => text === '*' || isOrigin(member)),
});

/** Valid account handles. */
export const handles = (...[name, defaultText, doc]: Described): Variable<readonly string[]> => ({
  name,
  form: '`none`, or a comma-separated list of handles such as `admin`',
  default: defaultText,
  doc,
  read: (text) => readMembers(text, (member) => /^[A-Za-z0-9_]{1,30}$/.test(member)),
});

/** One origin, for links; null: `none`. */
export const origin = (...[name, defaultText, doc]: Described): Variable<string | null> => ({
  name,
  form: '`none`, or an origin such as `https://twite.example`',
  default: defaultText,
  doc,
  read(text) {
    if (text === 'none') return null;
    const bare = text.replace(/\/$/, '');
    return isOrigin(bare) ? bare : undefined;
  },
});

/** The base URL of files, such as a CDN: may have a path. Without a trailing slash; null: `none`. */
export const baseUrl = (...[name, defaultText, doc]: Described): Variable<string | null> => ({
  name,
  form: '`none`, or a URL such as `https://cdn.example` or `https://cdn.example/twite`',
  default: defaultText,
  doc,
  read(text) {
    if (text === 'none') return null;
    const url = URL.parse(text);
    if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
    const isBare = url.username === '' && url.password === '' && !/[?#]/.test(text);
    return isBare ? `${url.origin}${url.pathname}`.replace(/\/+$/, '') : undefined;
  },
});

/** Null: `off`. Otherwise calls and seconds: `300/60`. */
export const rateLimit = (...[name, defaultText, doc]: Described): Variable<RateLimit | null> => ({
  name,
  form: 'calls and seconds as `300/60`, or `off`',
  default: defaultText,
  doc,
  read(text) {
    if (text === 'off') return null;
    const [limitText = '', windowText = '', ...rest] = text.split('/');
    const limit = readWholeNumber(limitText, 1, 1_000_000_000);
    const windowSeconds = readWholeNumber(windowText, 1, 86_400 * 31);
    if (limit === undefined || windowSeconds === undefined || rest.length > 0) return undefined;
    return Object.freeze({ limit, windowSeconds });
  },
});

/** Whether drivers can decode it; some drivers' errors would contain the whole URL. */
function isEncoded(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

/** The connection string of a service; null: `none`. Contains a password, so it is never shown. */
export const serviceUrl = (
  protocols: readonly string[],
  ...[name, defaultText, doc]: Described
): Variable<string | null> => ({
  name,
  form: `a URL such as \`${protocols[0]}//user:password@host\`, or \`none\``,
  default: defaultText,
  doc,
  secret: true,
  read(text) {
    if (text === 'none') return null;
    // Several hosts with commas are not a URL to the parser, but are one to the driver of MongoDB.
    const url = URL.parse(text.startsWith('mongodb') ? text.replace(/,[^/?]*/, '') : text);
    const isOne = url !== null && protocols.includes(url.protocol) && /^[^,]+$/.test(url.hostname);
    return isOne && isEncoded(url.username) && isEncoded(url.password) ? text : undefined;
  },
});

/** Part of the names of databases, queues and indices. */
export const shortName = (...[name, defaultText, doc]: Described): Variable<string> => ({
  name,
  form: '1 to 30 small letters, digits and underscores',
  default: defaultText,
  doc,
  read: (text) => (/^[a-z][a-z0-9_]{0,29}$/.test(text) ? text : undefined),
});

/** An S3 service with its keys; null: `none`. */
export const s3Url = (...[name, defaultText, doc]: Described): Variable<string | null> => ({
  name,
  form: 'a URL such as `https://ACCESS_KEY:SECRET_KEY@s3.example`, or `none`',
  default: defaultText,
  doc,
  secret: true,
  read(text) {
    if (text === 'none') return null;
    const url = URL.parse(text);
    if (url === null || !/^https?:$/.test(url.protocol) || !/^\/?$/.test(url.pathname)) return undefined;
    if (url.username === '' || url.password === '' || /[?#]/.test(text)) return undefined;
    return isEncoded(url.username) && isEncoded(url.password) ? text : undefined;
  },
});

/** A name that S3 accepts; null: `none`. */
export const bucketName = (...[name, defaultText, doc]: Described): Variable<string | null> => ({
  name,
  form: '`none`, or 3 to 63 small letters, digits, hyphens and dots',
  default: defaultText,
  doc,
  read(text) {
    if (text === 'none') return null;
    const isName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) && !/\.\.|\.-|-\./.test(text);
    return isName && !/^[0-9.]+$/.test(text) ? text : undefined;
  },
});

/** The prefix of object names: empty, or with a trailing slash. */
export const objectPrefix = (...[name, defaultText, doc]: Described): Variable<string> => ({
  name,
  form: '`none`, or names with slashes between them such as `twite/media-of-two`',
  default: defaultText,
  doc,
  read(text) {
    if (text === 'none') return '';
    const bare = text.replace(/\/$/, '');
    return /^[0-9A-Za-z_-]+(?:\/[0-9A-Za-z_-]+)*$/.test(bare) && bare.length <= 200 ? `${bare}/` : undefined;
  },
});

/** The name of a region, such as `us-east-1`. */
export const regionName = (...[name, defaultText, doc]: Described): Variable<string> => ({
  name,
  form: '1 to 50 small letters, digits and hyphens',
  default: defaultText,
  doc,
  read: (text) => (/^[a-z0-9-]{1,50}$/.test(text) ? text : undefined),
});
