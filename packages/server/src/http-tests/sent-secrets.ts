/** Fields of requests and answers that no log may contain: users' texts, searches and credentials. */
const secretFields: ReadonlySet<string> = new Set([
  'password',
  'currentPassword',
  'newPassword',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'text',
  'bio',
  'altText',
  'q',
]);

const secretHeaders = ['authorization', 'cookie', 'set-cookie'];

export type SecretKind = string;

/** The values sent and answered, with the name of their field. */
export type Secrets = Map<string, SecretKind>;

function add(secrets: Secrets, kind: SecretKind, value: unknown): void {
  if (typeof value !== 'string') return;
  const text = value.trim();
  if (text !== '') secrets.set(text, kind);
}

function addFields(secrets: Secrets, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (secretFields.has(key)) add(secrets, key, inner);
    addFields(secrets, inner);
  }
}

function addJson(secrets: Secrets, text: string): void {
  try {
    addFields(secrets, JSON.parse(text));
  } catch {
    // Hostile input is not JSON, on purpose.
  }
}

function addHeaders(secrets: Secrets, headers: Headers): void {
  for (const name of secretHeaders) add(secrets, name, headers.get(name)?.replace(/^Bearer /, ''));
}

async function addRequest(secrets: Secrets, url: URL, init: RequestInit): Promise<void> {
  for (const [key, value] of url.searchParams) if (secretFields.has(key)) add(secrets, key, value);
  addHeaders(secrets, new Headers(init.headers));
  if (typeof init.body === 'string') addJson(secrets, init.body);
  if (init.body instanceof FormData) addFields(secrets, Object.fromEntries(init.body));
}

async function addAnswer(secrets: Secrets, answer: Response): Promise<void> {
  addHeaders(secrets, answer.headers);
  if (answer.headers.get('content-type')?.includes('json')) addJson(secrets, await answer.clone().text());
}

/** Collects the secrets of every request of this file, until it is disposed. */
export function collectSecrets(): { readonly secrets: Secrets } & Disposable {
  const secrets: Secrets = new Map();
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init = {}) => {
    await addRequest(secrets, new URL(String(input instanceof Request ? input.url : input)), init);
    const answer = await fetch(input, init);
    await addAnswer(secrets, answer);
    return answer;
  };
  return {
    secrets,
    [Symbol.dispose]() {
      globalThis.fetch = fetch;
    },
  };
}

/** Shorter ones are parts of common words: they count only as separate words. */
const distinctiveLength = 6;

/** The texts in a line of the log, including keys that are longer than those of the log itself, such as `name`. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(value) && key.length >= distinctiveLength) yield key;
      yield* textsIn(inner);
    }
  }
}

/** A text without the escapes of a URL or form. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Shorter ones, such as a post of one digit, are part of any log. */
const lengthMin = 2;

/** The secrets contained in lines of a log, each with its kind. */
export function secretsIn(lines: Iterable<string>, secrets: Secrets): string[] {
  const texts = new Set<string>();
  for (const line of lines) {
    for (const text of textsIn(JSON.parse(line))) texts.add(text).add(decoded(text));
  }
  const all = [...texts].join('\n');
  return [...secrets]
    .filter(([secret]) => secret.length >= lengthMin)
    .filter(([secret]) => texts.has(secret) || (secret.length >= distinctiveLength && all.includes(secret)))
    .map(([secret, kind]) => `${kind}: ${secret}`);
}
